using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Ungroup.Ledger;
using Ungroup.Tests.Support;

namespace Ungroup.Tests.Ledger;

/// <summary>Two stores on one file, as two processes would have them.</summary>
public sealed class SqliteLedgerTests : LedgerContract, IAsyncLifetime
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("ungroup-ledger-");
    private readonly List<SqliteLedgerStore> _stores = [];

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (var store in _stores)
        {
            await store.DisposeAsync();
        }

        _directory.Delete(recursive: true);
    }

    [Fact]
    public async Task Records_outlive_the_process()
    {
        var first = Open(new LedgerOwner("first"));
        var ledger = Ledger(first, "first");
        Assert.IsType<Claim.Granted>(await ledger.ClaimAsync(Some.Request(), "m-1", Some.Deadline, TestContext.Current.CancellationToken));
        await first.DisposeAsync();

        var again = await Open(new LedgerOwner("second")).ReadAsync(new("default", "r-1"), TestContext.Current.CancellationToken);

        Assert.Equal("first", again!.Record.Owner);
    }

    [Fact]
    public async Task A_lease_is_over_at_once_when_the_process_that_held_it_is_gone()
    {
        var dead = Open(new LedgerOwner("dead"));
        await Ledger(dead, "dead").ClaimAsync(Some.Request(), "m-1", Some.Deadline, TestContext.Current.CancellationToken);
        var ledger = Ledger(Open(new LedgerOwner("next")), "next");
        Assert.IsType<Claim.Busy>(await ledger.ClaimAsync(Some.Request(), "m-1", Some.Deadline, TestContext.Current.CancellationToken));

        await dead.DisposeAsync();

        Assert.IsType<Claim.Granted>(await ledger.ClaimAsync(Some.Request(), "m-1", Some.Deadline, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_file_of_a_version_before_is_brought_up_to_date_and_keeps_its_records(int version)
    {
        var old = Open(new LedgerOwner("old"));
        await Ledger(old, "old").ClaimAsync(Some.Request(), "m-1", Some.Deadline, TestContext.Current.CancellationToken);
        await old.DisposeAsync();
        Execute("ALTER TABLE records DROP COLUMN unfamiliar_replies");
        if (version == 2)
        {
            Execute("ALTER TABLE records DROP COLUMN met_others");
        }

        Execute($"PRAGMA user_version = {version}");

        var store = Open(new LedgerOwner("new"));
        var lease = Assert.IsType<Claim.Granted>(await Ledger(store, "new").ClaimAsync(Some.Request(), "m-1", Some.Deadline, TestContext.Current.CancellationToken)).Lease;
        Assert.False(lease.Record.MetOthers);
        await Ledger(store, "new").ReleaseAsync(lease, Some.Now, mayHaveLeft: false, lastCode: null, metOthers: true, TestContext.Current.CancellationToken);

        Assert.True((await store.ReadAsync(new("default", "r-1"), TestContext.Current.CancellationToken))!.Record.MetOthers);
    }

    [Fact]
    public async Task A_claim_that_was_granted_and_not_kept_is_refused_before_anything_is_done_for_it()
    {
        var store = Open(new LedgerOwner("first"));
        var ledger = Ledger(store, "first");
        var lease = await LostAsync(store, ledger);

        var error = await Assert.ThrowsAsync<LedgerUnavailableException>(
            () => ledger.BeginAttemptAsync(lease, TestContext.Current.CancellationToken));

        Assert.Contains("did not keep the claim", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_claim_that_was_not_kept_is_never_taken_for_the_one_that_came_after_it()
    {
        var store = Open(new LedgerOwner("first"));
        var first = Ledger(store, "first");
        var lost = await LostAsync(store, first);
        ((FakeTimeProvider)Clock).Advance(TimeSpan.FromMilliseconds(1));
        var second = Ledger(Open(new LedgerOwner("second")), "second");
        var kept = await GrantedAsync(second);

        Assert.False(await first.BeginAttemptAsync(lost, TestContext.Current.CancellationToken));
        Assert.True(await second.BeginAttemptAsync(kept, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task One_write_that_is_refused_takes_none_of_its_batch_with_it()
    {
        var store = Open(new LedgerOwner("first"));
        var ledger = Ledger(store, "first");
        Lease[] leases = await Task.WhenAll(Enumerable.Range(0, 20).Select(number => GrantedAsync(ledger, $"r-{number}")));
        await store.ReadAsync(new("default", "r-1"), TestContext.Current.CancellationToken);
        Execute("DELETE FROM records WHERE request_id = 'r-7'");

        var begun = leases.Select(lease => ledger.BeginAttemptAsync(lease, TestContext.Current.CancellationToken)).ToArray();
        await Assert.ThrowsAsync<LedgerUnavailableException>(() => begun[7]);

        Assert.All(await Task.WhenAll(begun.Where((_, number) => number != 7)), Assert.True);
    }

    [Fact]
    public async Task Text_of_any_length_and_script_comes_back_as_it_was_written()
    {
        var store = Open(new LedgerOwner("first"));
        foreach (var text in (string[])["", "隔离主机", new('x', 600), new('é', 500), "nul\0inside"])
        {
            var record = (await GrantedAsync(Ledger(store, "first"), $"r-{text.Length}")).Record with { LastCode = text, Attempts = 1 };
            var stored = await store.ReadAsync(record.Key, TestContext.Current.CancellationToken);
            await store.ReplaceAsync(stored!, record, TestContext.Current.CancellationToken);

            Assert.Equal(text, (await store.ReadAsync(record.Key, TestContext.Current.CancellationToken))!.Record.LastCode);
        }
    }

    [Fact]
    public async Task A_file_of_a_version_to_come_is_left_alone()
    {
        await Open(new LedgerOwner("any")).DisposeAsync();
        Execute("PRAGMA user_version = 99");

        var error = Assert.Throws<LedgerUnavailableException>(() => Open(new LedgerOwner("next")));

        Assert.Contains("another version of Ungroup", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_cannot_be_opened_is_named_with_the_setting_to_change()
    {
        var error = Assert.Throws<LedgerUnavailableException>(
            () => new SqliteLedgerStore(_directory.FullName, new LedgerOwner("any"), new FakeTimeProvider()));

        Assert.Contains(_directory.FullName, error.Message, StringComparison.Ordinal);
        Assert.Contains("Ledger:Path", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_closed_store_says_so()
    {
        var store = Open(new LedgerOwner("closed"));
        await store.DisposeAsync();

        await Assert.ThrowsAsync<LedgerUnavailableException>(
            () => store.ReadAsync(new("default", "r-1"), TestContext.Current.CancellationToken));
    }

    protected override ILedgerStore StoreOf(LedgerOwner owner) => Open(owner);

    /// <summary>A claim that was granted, and whose record is gone.</summary>
    private async Task<Lease> LostAsync(SqliteLedgerStore store, RemovalLedger ledger)
    {
        var lease = await GrantedAsync(ledger);
        await store.ReadAsync(new("default", "r-1"), TestContext.Current.CancellationToken);
        Execute("DELETE FROM records");
        return lease;
    }

    private static async Task<Lease> GrantedAsync(RemovalLedger ledger, string requestId = "r-1") =>
        Assert.IsType<Claim.Granted>(await ledger.ClaimAsync(
            Some.Request() with { RequestId = requestId }, "m-1", Some.Deadline, TestContext.Current.CancellationToken)).Lease;

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(_directory.FullName, "ledger.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // every statement is a constant of this file
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    private SqliteLedgerStore Open(LedgerOwner owner)
    {
        var store = new SqliteLedgerStore(Path.Combine(_directory.FullName, "ledger.db"), owner, Clock);
        _stores.Add(store);
        return store;
    }

    private RemovalLedger Ledger(SqliteLedgerStore store, string owner) =>
        new(store, new LedgerOwner(owner), Options.Create(new LedgerOptions()), Clock);
}
