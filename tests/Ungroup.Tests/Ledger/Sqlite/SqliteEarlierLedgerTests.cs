using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Time.Testing;
using Ungroup.Ledger;
using Ungroup.Ledger.Sqlite;
using Ungroup.Tests.Support;

namespace Ungroup.Tests.Ledger.Sqlite;

/// <summary>A file that an earlier version has begun, and that one may still be at work on.</summary>
public sealed class SqliteEarlierLedgerTests : EarlierLedgerContract, IAsyncLifetime
{
    // Word for word the statement with which that version moves a record on.
    private const string StepOfBefore =
        "UPDATE records SET state = 2, owner = 'before', epoch = 5, lease_for = 600000000, attempts = 3, may_have_left = 1, last_code = 'Later', "
        + "met_others = 1, unfamiliar_replies = 2, written_at = 639029198451234567, version = version + 1 WHERE request_id = 'r-1'";

    private readonly Folder _folder = new();
    private SqliteLedgerStore? _store;

    private readonly FakeTimeProvider _clock = new(Some.Now.AddSeconds(1));

    protected override TimeProvider Clock => _clock;

    private protected override ILedgerStore Store => _store!;

    private static LedgerRecord Fresh => new()
    {
        Key = new("default", "r-1"),
        PayloadHash = "hash",
        State = LedgerState.Claimed,
        Owner = "after",
        LeaseFor = TimeSpan.FromMinutes(2),
        FirstSeenAt = Some.Now,
        Deadline = Some.Deadline,
        MessageId = "m-1",
        Request = Some.Request() with { Resource = Some.NetworkInterface(), RegionIsDefault = true, Reason = "隔离 🧯", ExpiresAt = Some.Deadline },
        ForgetAt = Some.Deadline,
    };

    public ValueTask InitializeAsync()
    {
        Execute(File.ReadAllText(Snapshot.Find("tests/Ungroup.Tests/Data/ledger-before.sql")));
        _store = new(_folder.At("ledger.db"), new("after"), Clock);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _store!.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task What_an_earlier_version_wrote_last_is_what_counts_also_once_this_one_has_marked_it()
    {
        await Store.InsertAsync(Fresh, Stop);
        await Store.ReadAsync(Fresh.Key, Stop);
        Execute(StepOfBefore);

        var read = (await Store.ReadAsync(Fresh.Key, Stop))!;
        Assert.Equal(
            Fresh with
            {
                State = LedgerState.Called,
                Owner = "before",
                Epoch = 5,
                LeaseFor = TimeSpan.FromMinutes(1),
                Attempts = 3,
                MayHaveLeft = true,
                LastCode = "Later",
                MetOthers = true,
                UnfamiliarReplies = 2,
            },
            read.Record);
        await Store.MarkPublishedAsync([read], Stop);
        Assert.Equal(read.Record with { State = LedgerState.Published }, (await Store.ReadAsync(Fresh.Key, Stop))!.Record);

        var again = await Store.ReplaceAsync((await Store.ReadAsync(Fresh.Key, Stop))!, read.Record with { Epoch = 6 }, Stop);
        Assert.Equal(again!.Record, (await Store.ReadAsync(Fresh.Key, Stop))!.Record);
    }

    [Fact]
    public async Task An_earlier_version_finds_all_that_it_knows_after_every_write()
    {
        Func<LedgerRecord, LedgerRecord>[] writes =
        [
            record => record with { State = LedgerState.Called, Attempts = 1, MayHaveLeft = true, LeaseFor = TimeSpan.FromMinutes(3) },
            record => record with { Owner = null, LastCode = "Throttling.User", MetOthers = true, UnfamiliarReplies = 1 },
            record => record with { State = LedgerState.Decided, Request = null, Outcome = new("id", "type", "i-1", "{}"u8.ToArray()), DecidedAt = Some.Now },
            record => record with { State = LedgerState.Published },
        ];
        var stored = (await Store.InsertAsync(Fresh, Stop)).Stored;
        await AssertIsInColumnsAsync(stored.Record);
        foreach (var write in writes)
        {
            stored = (await Store.ReplaceAsync(stored, write(stored.Record), Stop))!;
            await AssertIsInColumnsAsync(stored.Record);
        }
    }

    [Theory]
    [InlineData("json_remove(CAST(document AS TEXT), '$.request.securityGroupId')")]
    [InlineData("json_remove(CAST(document AS TEXT), '$.request.networkInterfaceId')")]
    [InlineData("json_set(CAST(document AS TEXT), '$.request.networkInterfaceId', 'eni-of another form')")]
    [InlineData("json_remove(CAST(document AS TEXT), '$.messageId')")]
    public async Task A_document_that_only_a_later_version_can_read_makes_its_message_wait(string document)
    {
        await Store.InsertAsync(Fresh, Stop);
        await Store.ReadAsync(Fresh.Key, Stop);
        Execute($"UPDATE records SET document = CAST({document} AS BLOB) WHERE request_id = 'r-1'");

        var error = await Assert.ThrowsAsync<LedgerUnavailableException>(() => Store.ReadAsync(Fresh.Key, Stop));

        Assert.Contains("this version cannot read", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Members_that_only_a_later_version_knows_outlive_every_write_of_this_one()
    {
        await Store.InsertAsync(Fresh, Stop);
        await Store.ReadAsync(Fresh.Key, Stop);
        Execute(
            "UPDATE records SET document = CAST(json_set(CAST(document AS TEXT), '$.snapshot', json('{\"eni-1\":[\"sg-1\"]}'), '$.request.includeInterfaces', json('true')) AS BLOB) "
            + "WHERE request_id = 'r-1'");

        var stored = (await Store.ReadAsync(Fresh.Key, Stop))!;
        stored = (await Store.ReplaceAsync(stored, stored.Record with { State = LedgerState.Called, Attempts = 1 }, Stop))!;
        Assert.Equal("true", await MemberAsync("$.request.includeInterfaces"));
        stored = (await Store.ReplaceAsync(stored, stored.Record with { State = LedgerState.Decided, DecidedAt = Some.Now, Request = null }, Stop))!;
        await Store.MarkPublishedAsync([stored], Stop);

        Assert.Equal("{\"eni-1\":[\"sg-1\"]}", await MemberAsync("$.snapshot"));
    }

    protected override Task EndLeasesAsync()
    {
        _clock.Advance(TimeSpan.FromHours(1));
        return Task.CompletedTask;
    }

    // A row without a document is read as an earlier version reads it.
    private async Task AssertIsInColumnsAsync(LedgerRecord record)
    {
        await Store.ReadAsync(record.Key, Stop);
        Execute("UPDATE records SET document_of = -document_of WHERE request_id = 'r-1'");
        var read = (await Store.ReadAsync(record.Key, Stop))!.Record;
        Execute("UPDATE records SET document_of = -document_of WHERE request_id = 'r-1'");

        Assert.Equal(record with { Outcome = null }, read with { Outcome = null });
        Assert.Equal((record.Outcome?.Id, record.Outcome?.Type, record.Outcome?.Subject), (read.Outcome?.Id, read.Outcome?.Type, read.Outcome?.Subject));
        Assert.Equal(record.Outcome?.Json.ToArray(), read.Outcome?.Json.ToArray());
    }

    private async Task<string?> MemberAsync(string path)
    {
        await Store.ReadAsync(Fresh.Key, Stop);
        return Execute($"SELECT CAST(document AS TEXT) -> '{path}' FROM records WHERE request_id = 'r-1'") as string;
    }

    private object? Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={_folder.At("ledger.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // every statement is a constant of this file
        command.CommandText = sql;
#pragma warning restore CA2100
        return command.ExecuteScalar();
    }
}
