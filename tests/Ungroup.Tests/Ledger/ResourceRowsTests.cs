using Microsoft.Extensions.Time.Testing;
using Ungroup.Ledger;
using Ungroup.Ledger.Memory;
using Ungroup.Tests.Support;

namespace Ungroup.Tests.Ledger;

public sealed class ResourceRowsTests
{
    private static readonly FakeTimeProvider Clock = new(Some.Now);

    private readonly ResourceRows _rows = new(new MemoryLedgerStore(Clock), Clock);

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

    private async Task<string?> TakeAsync(int epoch) => (await _rows.TakeAsync(Record(epoch), "i-1", contains: true, Stop)).Holder;

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
