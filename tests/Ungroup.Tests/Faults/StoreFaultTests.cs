using Ungroup.Ledger;
using Ungroup.Messages;
using Ungroup.Tests.Ecs;

namespace Ungroup.Tests.Faults;

public sealed class StoreFaultTests : IAsyncDisposable
{
    private readonly FaultBench _bench = new();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task Fault_27_Without_a_record_nothing_is_called_and_the_message_waits()
    {
        _bench.Store.InsertsToFail = 1;
        _bench.One.Ecs.OnLeave(Replies.Ok);

        Assert.IsType<Settlement.Postpone>(await _bench.One.HandleAsync());
        Assert.Empty(_bench.One.Ecs.Calls);

        Assert.Equal(("Removed", null), FaultBench.EndOf(await _bench.One.HandleAsync()));
    }

    [Fact]
    public async Task Fault_27_An_insert_whose_reply_is_lost_is_taken_up_after_its_lease_and_called_once()
    {
        (_bench.Store.InsertsToFail, _bench.Store.LosesReplies) = (1, true);
        _bench.One.Ecs.OnLeave(Replies.Ok);
        Assert.IsType<Settlement.Postpone>(await _bench.One.HandleAsync());

        Assert.Equal(("Removed", null), FaultBench.EndOf((await _bench.SettleAsync(_bench.One))[^1]));
        Assert.Equal(1, _bench.Leaves);
    }

    [Fact]
    public async Task Fault_28_A_ledger_that_is_away_after_the_call_is_tried_again_until_it_answers()
    {
        _bench.One.Ecs.OnLeave(Replies.Ok.Doing(() => _bench.Store.WritesToFail = 4));

        Assert.Equal(("Removed", null), FaultBench.EndOf(await _bench.One.HandleAsync()));
        Assert.Equal(LedgerState.Decided, (await _bench.RecordAsync()).State);
    }

    [Fact]
    public async Task Fault_28_A_ledger_that_stays_away_after_the_call_leaves_it_to_a_read_back()
    {
        _bench.One.Ecs.OnLeave(Replies.Ok.Doing(() => _bench.Store.WritesToFail = 100));
        Assert.IsType<Settlement.Postpone>(await _bench.One.HandleAsync());
        Assert.Empty(_bench.One.Bus.Published);
        _bench.Clock.Advance(FaultBench.Lease);
        _bench.Two.Ecs.OnRead(Replies.Instance("sg-bp1base"));

        Assert.Equal(("Removed", null), FaultBench.EndOf(await _bench.Two.HandleAsync()));
        Assert.Equal(1, _bench.Leaves);
    }

    [Fact]
    public async Task Fault_28_A_reply_that_came_and_could_not_be_written_down_is_not_told_as_one_that_was_lost()
    {
        _bench.One.Ecs.OnLeave(Replies.Error(400, "InvalidSecurityGroupAssociation.NotFound").Doing(() => _bench.Store.WritesToFail = 100));
        Assert.IsType<Settlement.Postpone>(await _bench.One.HandleAsync());
        _bench.Clock.Advance(FaultBench.Lease);
        _bench.Two.Ecs.OnRead(Replies.Instance("sg-bp1base"));

        Assert.Equal(
            "i-bp1web1 has left sg-bp1web: the reply to an earlier call was lost or not written down, and its groups show that it is no member.",
            FaultBench.DataOf(await _bench.Two.HandleAsync())["sentence"]!.GetValue<string>());
    }

    [Fact]
    public async Task Fault_29_A_bus_that_is_away_leaves_the_outcome_pending_completes_the_message_and_the_sweep_tells()
    {
        _bench.One.Ecs.OnLeave(Replies.Ok);
        _bench.One.Bus.IsAway = true;

        Assert.Equal(("Removed", null), FaultBench.EndOf(Assert.IsType<Settlement.Complete>(await _bench.One.HandleAsync())));
        Assert.Empty(_bench.Told);
        _bench.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(0, (await _bench.One.SweepAsync()).Published);

        Assert.Equal(new SweepReport(Published: 1, Ended: 0, Forgotten: 0), await _bench.Two.SweepAsync());
        Assert.Equal(default, await _bench.Two.SweepAsync());
        Assert.Single(_bench.Told);
    }
}
