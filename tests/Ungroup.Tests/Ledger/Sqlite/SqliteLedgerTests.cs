using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Ungroup.Ledger;
using Ungroup.Ledger.Sqlite;
using Ungroup.Tests.Support;

namespace Ungroup.Tests.Ledger.Sqlite;

/// <summary>Two stores on one file, as two processes would have them.</summary>
public sealed class SqliteLedgerTests : LedgerContract
{
    private readonly SqliteStores _stores;

    public SqliteLedgerTests()
        : this(new())
    {
    }

    private SqliteLedgerTests(SqliteStores stores)
        : base(stores) => _stores = stores;

    [Fact]
    public async Task Records_outlive_the_process()
    {
        var first = Open(new LedgerOwner("first"));
        var ledger = Ledger(first, "first");
        Assert.IsType<Claim.Granted>(await ledger.ClaimAsync(Some.Request(), "m-1", Some.Deadline, Stop));
        await first.DisposeAsync();

        var again = await Open(new LedgerOwner("second")).ReadAsync(new("default", "r-1"), Stop);

        Assert.Equal("first", again!.Record.Owner);
    }

    [Fact]
    public async Task A_lease_is_over_at_once_when_the_process_that_held_it_is_gone()
    {
        var dead = Open(new LedgerOwner("dead"));
        await Ledger(dead, "dead").ClaimAsync(Some.Request(), "m-1", Some.Deadline, Stop);
        var ledger = Ledger(Open(new LedgerOwner("next")), "next");
        Assert.IsType<Claim.Busy>(await ledger.ClaimAsync(Some.Request(), "m-1", Some.Deadline, Stop));

        await dead.DisposeAsync();

        Assert.IsType<Claim.Granted>(await ledger.ClaimAsync(Some.Request(), "m-1", Some.Deadline, Stop));
    }

    [Fact]
    public async Task Fault_53_Every_file_of_the_ledger_is_for_its_user_alone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such permissions.");
        File.WriteAllText(_stores.Path, "");
        await Ledger(Open(new LedgerOwner("first")), "first").ClaimAsync(Some.Request(), "m-1", Some.Deadline, Stop);

        var files = _stores.Directory.GetFiles("*", SearchOption.AllDirectories);

        Assert.True(files.Length >= 4, string.Join(", ", files.Select(file => file.Name)));
        Assert.All(files, file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, file.UnixFileMode));
    }

    [Fact]
    public async Task Fault_54_A_write_ahead_log_that_a_reader_keeps_growing_is_said_and_shrinks_once_the_reader_is_gone()
    {
        var log = new CollectingLog<SqliteLedgerStore>();
        var store = _stores.Open(new LedgerOwner("first"), log);
        var wal = new FileInfo(_stores.Path + "-wal");
        var text = new string('x', 1024 * 1024);
        await using (var reader = new SqliteConnection($"Data Source={_stores.Path};Pooling=False"))
        {
            reader.Open();
            using var begin = new SqliteCommand("BEGIN; SELECT count(*) FROM records", reader);
            begin.ExecuteScalar();
            await WriteAsync(store, text, notes: 30);
        }

        Assert.Contains("has grown to", Assert.Single(log.Lines), StringComparison.Ordinal);

        // The next writes copy all of it, and begin it anew.
        await WriteAsync(store, text, notes: 5);
        wal.Refresh();
        Assert.InRange(wal.Length, 1, WriteAheadLog.UsualSize + (6 * 1024 * 1024));
        Assert.Single(log.Lines);
    }

    private static async Task WriteAsync(SqliteLedgerStore store, string text, int notes)
    {
        foreach (var note in Enumerable.Range(0, notes))
        {
            Assert.NotNull(await store.WriteNoteAsync(null, $"{Guid.NewGuid():N}/{note}", text, Stop));
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_file_of_a_version_before_is_brought_up_to_date_and_keeps_its_records(int version)
    {
        var old = Open(new LedgerOwner("old"));
        await Ledger(old, "old").ClaimAsync(Some.Request(), "m-1", Some.Deadline, Stop);
        await old.DisposeAsync();
        Execute("ALTER TABLE records DROP COLUMN unfamiliar_replies");
        if (version == 2)
        {
            Execute("ALTER TABLE records DROP COLUMN met_others");
        }

        Execute($"PRAGMA user_version = {version}");

        var store = Open(new LedgerOwner("new"));
        var lease = Assert.IsType<Claim.Granted>(await Ledger(store, "new").ClaimAsync(Some.Request(), "m-1", Some.Deadline, Stop)).Lease;
        Assert.False(lease.Record.MetOthers);
        await Ledger(store, "new").ReleaseAsync(lease, Some.Now, mayHaveLeft: false, lastCode: null, metOthers: true, Stop);

        Assert.True((await store.ReadAsync(new("default", "r-1"), Stop))!.Record.MetOthers);
    }

    [Fact]
    public async Task A_claim_that_was_granted_and_not_kept_is_refused_before_anything_is_done_for_it()
    {
        var store = Open(new LedgerOwner("first"));
        var ledger = Ledger(store, "first");
        var lease = await LostAsync(store, ledger);

        var error = await Assert.ThrowsAsync<LedgerUnavailableException>(
            () => ledger.BeginAttemptAsync(lease, Stop));

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

        Assert.False(await first.BeginAttemptAsync(lost, Stop));
        Assert.True(await second.BeginAttemptAsync(kept, Stop));
    }

    [Fact]
    public async Task One_write_that_is_refused_takes_none_of_its_batch_with_it()
    {
        var store = Open(new LedgerOwner("first"));
        var ledger = Ledger(store, "first");
        Lease[] leases = await Task.WhenAll(Enumerable.Range(0, 20).Select(number => GrantedAsync(ledger, $"r-{number}")));
        await store.ReadAsync(new("default", "r-1"), Stop);
        Execute("DELETE FROM records WHERE request_id = 'r-7'");

        var begun = leases.Select(lease => ledger.BeginAttemptAsync(lease, Stop)).ToArray();
        await Assert.ThrowsAsync<LedgerUnavailableException>(() => begun[7]);

        Assert.All(await Task.WhenAll(begun.Where((_, number) => number != 7)), Assert.True);
    }

    [Fact]
    public async Task Fault_42_A_record_that_SQLite_refuses_for_good_takes_none_of_its_batch_with_it()
    {
        var ledger = Ledger(Open(new LedgerOwner("first")), "first");
        Execute("CREATE TRIGGER picky BEFORE INSERT ON records WHEN NEW.request_id = 'r-7' BEGIN SELECT RAISE(ABORT, 'not this one'); END");

        var claims = await Task.WhenAll(Enumerable.Range(0, 20).Select(number =>
            ledger.ClaimAsync(Some.Request($"r-{number}"), "m-1", Some.Deadline, Stop)));

        Assert.Contains("not this one", Assert.IsType<Claim.Refused>(claims[7]).Why, StringComparison.Ordinal);
        Assert.All(claims.Where((_, number) => number != 7), claim => Assert.IsType<Claim.Granted>(claim));
    }

    public static TheoryData<string, string> Losses => new()
    {
        { "delete", "was deleted or moved" },
        { "move", "was deleted or moved" },
        { "empty", "was replaced" },
        { "replace", "was replaced" },
    };

    [Theory]
    [MemberData(nameof(Losses))]
    public async Task Fault_41_A_file_that_was_taken_away_under_a_store_is_noticed(string how, string said)
    {
        var ledger = Ledger(Open(new LedgerOwner("first")), "first");
        await GrantedAsync(ledger);
        await ledger.CheckAsync(Stop);
        var file = _stores.Path;

        File.Move(file, file + ".old");
        foreach (var beside in (string[])["-wal", "-shm"])
        {
            File.Delete(file + beside);
        }

        if (how == "empty")
        {
            await File.WriteAllTextAsync(file, "", Stop);
        }
        else if (how == "replace")
        {
            await Ledger(Open(new LedgerOwner("second")), "second").CheckAsync(Stop);
        }

        var gone = await Assert.ThrowsAsync<LedgerUnavailableException>(() => ledger.CheckAsync(Stop));
        Assert.Equal(LedgerTrouble.Gone, gone.Trouble);
        Assert.Contains(said, gone.Message, StringComparison.Ordinal);
        Assert.Contains("Ledger:Path", gone.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Text_of_any_length_and_script_comes_back_as_it_was_written()
    {
        var store = Open(new LedgerOwner("first"));
        foreach (var text in (string[])["", "隔离主机", new('x', 600), new('é', 500), "nul\0inside"])
        {
            var record = (await GrantedAsync(Ledger(store, "first"), $"r-{text.Length}")).Record with { LastCode = text, Attempts = 1 };
            var stored = await store.ReadAsync(record.Key, Stop);
            await store.ReplaceAsync(stored!, record, Stop);

            Assert.Equal(text, (await store.ReadAsync(record.Key, Stop))!.Record.LastCode);
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
            () => new SqliteLedgerStore(_stores.Directory.FullName, new LedgerOwner("any"), new FakeTimeProvider()));

        Assert.Contains(_stores.Directory.FullName, error.Message, StringComparison.Ordinal);
        Assert.Contains("Ledger:Path", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_closed_store_says_so()
    {
        var store = Open(new LedgerOwner("closed"));
        await store.DisposeAsync();

        await Assert.ThrowsAsync<LedgerUnavailableException>(
            () => store.ReadAsync(new("default", "r-1"), Stop));
    }

    /// <summary>A claim that was granted, and whose record is gone.</summary>
    private async Task<Lease> LostAsync(SqliteLedgerStore store, RemovalLedger ledger)
    {
        var lease = await GrantedAsync(ledger);
        await store.ReadAsync(new("default", "r-1"), Stop);
        Execute("DELETE FROM records");
        return lease;
    }

    private static async Task<Lease> GrantedAsync(RemovalLedger ledger, string requestId = "r-1") =>
        Assert.IsType<Claim.Granted>(await ledger.ClaimAsync(
            Some.Request() with { RequestId = requestId }, "m-1", Some.Deadline, Stop)).Lease;

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={_stores.Path};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // every statement is a constant of this file
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    private SqliteLedgerStore Open(LedgerOwner owner) => _stores.Open(owner, log: null);

    private RemovalLedger Ledger(SqliteLedgerStore store, string owner) =>
        new(store, new LedgerOwner(owner), Options.Create(new LedgerOptions()), Clock);
}
