using Microsoft.Extensions.Time.Testing;
using Ungroup.Ledger;
using Ungroup.Ledger.Memory;
using Ungroup.Tests.Support;

namespace Ungroup.Tests.Ledger;

public sealed class ResourceRowsTests
{
    private static readonly FakeTimeProvider Clock = new(Some.Now);

    private readonly MemoryLedgerStore _store = new(Clock);
    private readonly ResourceRows _rows;

    public ResourceRowsTests() => _rows = new(_store, Clock);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_owner_that_was_overtaken_lets_nothing_go_of_what_the_next_one_holds()
    {
        await TakeAsync(epoch: 1);
        await TakeAsync(epoch: 2);

        await _rows.ReleaseAsync(Record(epoch: 1), ["i-1"]);
        Assert.Equal("con-1", (await _rows.ReadAsync("default", "i-1", Stop)).HeldBy);

        await _rows.ReleaseAsync(Record(epoch: 2), ["i-1"]);
        Assert.Null((await _rows.ReadAsync("default", "i-1", Stop)).HeldBy);
    }

    [Fact]
    public async Task An_owner_that_was_overtaken_waits_for_the_next_one()
    {
        await TakeAsync(epoch: 2);

        Assert.Equal("con-1", await TakeAsync(epoch: 1));
    }

    [Fact]
    public async Task What_a_removal_has_noted_stays_when_another_owner_takes_the_request_over()
    {
        await TakeAsync(epoch: 1);
        await _rows.NoteRemovedAsync(new("default", "rem-1"), "i-1", "sg-a", Stop);

        await TakeAsync(epoch: 2);

        Assert.Equal("sg-a", Assert.Single((await _rows.ReadAsync("default", "i-1", Stop)).Removed).Group);
    }

    [Fact]
    public async Task A_removal_wins_over_the_snapshots_before_it_and_over_no_later_one()
    {
        await TakeAsync(epoch: 1);
        await _rows.NoteRemovedAsync(new("default", "rem-1"), "i-1", "sg-a", Stop);
        await _rows.ReleaseAsync(Record(epoch: 1), ["i-1"]);
        await TakeAsync(epoch: 1, "con-2");

        var row = await _rows.ReadAsync("default", "i-1", Stop);

        Assert.Equal("sg-a", Assert.Single(row.RemovedSince(new("i-1", ["sg-a"]) { SnapshotNumber = 1 })).Group);
        Assert.Empty(row.RemovedSince(new("i-1", ["sg-a"]) { SnapshotNumber = 2 }));
    }

    [Fact]
    public async Task A_removal_of_the_same_group_takes_the_place_of_an_earlier_one()
    {
        await TakeAsync(epoch: 1);
        await _rows.NoteRemovedAsync(new("default", "rem-1"), "i-1", "sg-a", Stop);
        await _rows.ReleaseAsync(Record(epoch: 1), ["i-1"]);
        await TakeAsync(epoch: 1, "con-2");
        await _rows.NoteRemovedAsync(new("default", "rem-2"), "i-1", "sg-a", Stop);

        Assert.Equal([new("sg-a", "rem-2", 2)], (await _rows.ReadAsync("default", "i-1", Stop)).Removed);
    }

    [Fact]
    public void A_row_keeps_the_last_hundred_removals()
    {
        var row = new ResourceRow();
        for (var number = 1; number <= 101; number++)
        {
            row = row.With(new RemovedGroup($"sg-{number}", "rem-1", 1));
        }

        Assert.Equal(("sg-2", "sg-101", 100), (row.Removed[0].Group, row.Removed[^1].Group, row.Removed.Count));
    }

    [Fact]
    public async Task A_removal_in_a_row_of_an_earlier_version_wins_over_the_snapshots_of_that_version_alone()
    {
        await _store.WriteNoteAsync(
            null, "resource:default:i-1", """{"epoch":2,"wasContained":true,"removed":[{"group":"sg-a","requestId":"rem-1"}]}""", Stop);
        await TakeAsync(epoch: 1);

        var row = await _rows.ReadAsync("default", "i-1", Stop);

        Assert.Equal("rem-1", Assert.Single(row.RemovedSince(new("i-1", ["sg-a"]))).RequestId);
        Assert.Empty(row.RemovedSince(new("i-1", ["sg-a"]) { SnapshotNumber = row.SnapshotNumber }));
    }

    [Fact]
    public async Task A_containment_holds_what_its_snapshot_has_and_nothing_else()
    {
        var contained = Record(epoch: 1) with
        {
            Outcome = new("id-1", "ungroup.removal.Contained.v1", "i-1", "{}"u8.ToArray()),
            Snapshot = new() { RegionId = "cn-hangzhou", Subject = "i-1", IsolationGroup = "sg-iso", HasChanged = true, Interfaces = [new("i-1", ["sg-a"])] },
        };
        await _store.InsertAsync(contained, Stop);
        var row = new ResourceRow { ContainedBy = "con-1" };

        Assert.NotNull(await _rows.ContainmentAsync("default", "i-1", row, Stop));
        Assert.Null(await _rows.ContainmentAsync("default", "eni-gone", row, Stop));
    }

    private async Task<string?> TakeAsync(int epoch, string requestId = "con-1") =>
        (await _rows.TakeAsync(Record(epoch) with { Key = new("default", requestId) }, "i-1", contains: true, Stop)).Holder;

    [Fact]
    public async Task A_request_that_is_decided_once_more_keeps_its_place()
    {
        var (first, second) = (Record(epoch: 1), Record(epoch: 1) with { Key = new("default", "con-2") });
        List<string?> behind = [];
        foreach (var (record, hash) in ((LedgerRecord, string)[])[(first, "one"), (second, "two"), (second with { Epoch = 2 }, "two again"), (second, "too late")])
        {
            await _rows.LinkAsync(record, "i-1", previous =>
            {
                behind.Add(previous);
                return hash;
            }, Stop);
        }

        Assert.Equal([null, "one", "one", "one"], behind);
        Assert.Equal("two again", (await _rows.ReadAsync("default", "i-1", Stop)).EvidenceHash);
    }

    private static LedgerRecord Record(int epoch) => new()
    {
        Key = new("default", "con-1"),
        PayloadHash = "hash",
        State = LedgerState.Claimed,
        Epoch = epoch,
        FirstSeenAt = Some.Now,
        Deadline = Some.Deadline,
        MessageId = "m-1",
        ForgetAt = Some.Deadline,
    };
}
