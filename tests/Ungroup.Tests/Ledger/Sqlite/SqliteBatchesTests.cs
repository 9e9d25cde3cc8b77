using Microsoft.Data.Sqlite;
using SQLitePCL;
using Ungroup.Ledger;
using Ungroup.Ledger.Sqlite;
using Ungroup.Tests.Support;

namespace Ungroup.Tests.Ledger.Sqlite;

/// <summary>Callers are told in time, on a real file whose commits the test holds up or refuses by SQLite's own hook.</summary>
public sealed class SqliteBatchesTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(50);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("ungroup-batches-");
    private readonly SqliteConnection _connection;
    private readonly SqliteBatches _batches;

    // SQLite keeps no reference to it.
    private readonly delegate_commit _onCommit;
    private Func<bool> _mayCommit = () => true;

    public SqliteBatchesTests()
    {
        _connection = SqliteSchema.Open(Path, Patience);
        _onCommit = _ => _mayCommit() ? 0 : 1;
        raw.sqlite3_commit_hook(_connection.Handle, _onCommit, null);
        _batches = new(_connection);
    }

    private string Path => System.IO.Path.Combine(_directory.FullName, "ledger.db");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        _mayCommit = () => true;
        await _batches.DisposeAsync();
        await _connection.DisposeAsync();
        _directory.Delete(recursive: true);
    }

    [Fact]
    public async Task Who_may_go_on_does_so_before_the_batch_is_written_and_who_may_not_waits_for_it()
    {
        using var reached = new ManualResetEventSlim();
        using var released = new ManualResetEventSlim();
        var (claim, called) = await TogetherAsync(() =>
        {
            reached.Set();
            released.Wait(Stop);
            return true;
        });

        Assert.True(await claim);
        reached.Wait(Stop);
        Assert.False(called.IsCompleted);

        released.Set();
        Assert.True(await called);
    }

    [Fact]
    public async Task A_batch_that_could_not_be_written_is_told_to_all_who_wait_and_leaves_nothing()
    {
        var (claim, called) = await TogetherAsync(() => false);

        Assert.True(await claim);
        var error = await Assert.ThrowsAsync<LedgerUnavailableException>(() => called);
        Assert.Contains("did not take a write", error.Message, StringComparison.Ordinal);

        _mayCommit = () => true;
        Assert.Null(await _batches.DoAsync(records => records.Read(new("default", "claim"))));
        Assert.Null(await _batches.DoAsync(records => records.Read(new("default", "called"))));
        Assert.True(await _batches.DoAsync(records => records.Insert(Fresh("claim"), Some.Now)));
    }

    [Fact]
    public async Task A_file_that_another_process_keeps_to_itself_is_told_to_all_who_wait_and_is_used_again_afterwards()
    {
        await using (var other = new SqliteConnection($"Data Source={Path};Pooling=False"))
        {
            await other.OpenAsync(Stop);
            await using var kept = other.BeginTransaction(deferred: false);

            var waiting = Enumerable.Range(0, 3).Select(number => _batches.DoAsync(records => records.Insert(Fresh($"{number}"), Some.Now))).ToList();

            foreach (var one in waiting)
            {
                await Assert.ThrowsAsync<LedgerUnavailableException>(() => one);
            }
        }

        Assert.True(await _batches.DoAsync(records => records.Insert(Fresh("after"), Some.Now)));
    }

    [Fact]
    public async Task What_waits_when_it_ends_is_done_or_refused_and_what_comes_later_is_refused()
    {
        await using var other = new SqliteConnection($"Data Source={Path};Pooling=False");
        await other.OpenAsync(Stop);
        await using var kept = other.BeginTransaction(deferred: false);

        var waiting = _batches.DoAsync(records => records.Insert(Fresh("waiting"), Some.Now));
        await _batches.DisposeAsync();

        await Assert.ThrowsAsync<LedgerUnavailableException>(() => waiting);
        await Assert.ThrowsAsync<LedgerUnavailableException>(() => _batches.DoAsync(records => records.Insert(Fresh("later"), Some.Now)));
    }

    /// <summary>A claim, which may go on, and another write, which may not, in one batch.</summary>
    private async Task<(Task<bool> Claim, Task<bool> Called)> TogetherAsync(Func<bool> mayCommit)
    {
        using var begun = new ManualResetEventSlim();
        using var queued = new ManualResetEventSlim();
        var before = _batches.DoAsync(_ =>
        {
            begun.Set();
            queued.Wait(Stop);
            return true;
        });
        begun.Wait(Stop);
        var claim = _batches.DoAsync(records => records.Insert(Fresh("claim"), Some.Now), goesOn: inserted => inserted);
        var called = _batches.DoAsync(records => records.Insert(Fresh("called"), Some.Now));
        var commits = 0;
        _mayCommit = () => commits++ == 0 || mayCommit();
        queued.Set();
        Assert.True(await before);
        return (claim, called);
    }

    private static LedgerRecord Fresh(string requestId) => new()
    {
        Key = new("default", requestId),
        PayloadHash = "hash",
        State = LedgerState.Claimed,
        FirstSeenAt = Some.Now,
        Deadline = Some.Deadline,
        MessageId = "m-1",
        ForgetAt = Some.Deadline,
    };
}
