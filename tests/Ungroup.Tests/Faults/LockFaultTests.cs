using Ungroup.Ledger;
using Ungroup.Messages;
using Ungroup.Tests.Ecs;
using Ungroup.Tests.Support;

namespace Ungroup.Tests.Faults;

public sealed class LockFaultTests : IAsyncDisposable
{
    private readonly FaultBench _bench = new();
    private readonly CancellationTokenSource _lost = new();

    public ValueTask DisposeAsync()
    {
        _lost.Dispose();
        return _bench.DisposeAsync();
    }

    [Fact]
    public async Task Fault_11_A_lock_lost_while_waiting_for_the_quota_stops_before_the_call_and_redelivery_continues()
    {
        _bench.One.Ecs.OnLeave(Replies.Error(400, "Throttling.User").With("x-acs-retry-after", "3000"), Replies.Ok);
        var first = _bench.One.Begin(Some.Delivery(), _lost.Token);
        await HandlerBench.UntilAsync(() => _bench.Leaves == 1);

        await _lost.CancelAsync();
        Assert.IsType<Settlement.Postpone>(await _bench.One.RunAsync(first));
        Assert.Equal(1, _bench.Leaves);
        _bench.Clock.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(("Removed", null), FaultBench.EndOf(await _bench.One.HandleAsync(Some.Delivery() with { DeliveryCount = 2 })));
        Assert.Equal(2, _bench.Leaves);
    }

    [Fact]
    public async Task Fault_12_A_lock_lost_during_the_call_changes_nothing_about_its_outcome_and_redelivery_is_absorbed()
    {
        _bench.One.Ecs.OnLeave(Replies.Ok.After(TimeSpan.FromSeconds(40), _bench.Clock));
        var first = _bench.One.Begin(Some.Delivery(), _lost.Token);
        await HandlerBench.UntilAsync(() => _bench.Leaves == 1);

        await _lost.CancelAsync();
        Assert.Equal(("Removed", null), FaultBench.EndOf(await _bench.One.RunAsync(first)));

        Assert.True((await _bench.Two.HandleAsync(Some.Delivery() with { DeliveryCount = 2 })).Replayed);
        Assert.Equal(1, _bench.Leaves);
    }

    [Fact]
    public async Task Fault_13_A_drain_before_the_call_releases_the_lease_at_once()
    {
        _bench.One.Ecs.OnLeave(Replies.Error(400, "Throttling.User").With("x-acs-retry-after", "3000"));
        var first = _bench.One.Begin(Some.Delivery(), _lost.Token);
        await HandlerBench.UntilAsync(() => _bench.Leaves == 1);

        await _lost.CancelAsync();
        var postpone = Assert.IsType<Settlement.Postpone>(await first);

        Assert.True(postpone.Until <= _bench.Clock.GetUtcNow());
        Assert.Equal((null, TimeSpan.Zero), ((await _bench.RecordAsync()).Owner, (await _bench.RecordAsync()).LeaseFor));
        _bench.Two.Ecs.OnLeave(Replies.Ok);
        Assert.Equal(("Removed", null), FaultBench.EndOf(await _bench.Two.HandleAsync()));
    }

    [Fact]
    public async Task Fault_13_A_drain_during_the_call_sees_it_through_and_writes_its_outcome_down()
    {
        _bench.One.Ecs.OnLeave(Replies.Ok.After(TimeSpan.FromSeconds(10), _bench.Clock));
        var first = _bench.One.Begin(Some.Delivery(), _lost.Token);
        await HandlerBench.UntilAsync(() => _bench.Leaves == 1);

        await _lost.CancelAsync();

        Assert.Equal(("Removed", null), FaultBench.EndOf(await _bench.One.RunAsync(first)));
        Assert.Equal(LedgerState.Decided, (await _bench.RecordAsync()).State);
    }
}
