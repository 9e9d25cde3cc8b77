using Ungroup.Ledger;
using Ungroup.Messages;
using Ungroup.Tests.Ecs;
using Ungroup.Tests.Support;

namespace Ungroup.Tests.Faults;

public sealed class CrashFaultTests : IAsyncDisposable
{
    private readonly FaultBench _bench = new();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task Fault_04_A_crash_before_the_insert_leaves_nothing_and_redelivery_runs_normally()
    {
        var reached = false;
        _bench.Store.HangsBefore = _ => reached = true;
        await _bench.CrashAsync(() => reached);
        _bench.Two.Ecs.OnLeave(Replies.Ok);

        Assert.Equal(("Removed", null), FaultBench.EndOf(await _bench.Two.HandleAsync(Some.Delivery() with { DeliveryCount = 2 })));
        Assert.Equal(1, (await _bench.RecordAsync()).Epoch);
    }

    [Fact]
    public async Task Fault_05_A_crash_after_the_insert_is_taken_over_after_the_lease_and_called_once()
    {
        var reached = false;
        _bench.Store.HangsAfter = _ => reached = true;
        await _bench.CrashAsync(() => reached);
        _bench.Two.Ecs.OnLeave(Replies.Ok);

        Assert.Equal(("Removed", null), FaultBench.EndOf(await _bench.Two.HandleAsync()));
        Assert.Equal((2, 1), ((await _bench.RecordAsync()).Epoch, _bench.Leaves));
    }

    [Fact]
    public async Task Fault_06_A_crash_between_the_call_and_the_save_is_read_back_and_not_called_again()
    {
        var reached = false;
        _bench.One.Ecs.OnLeave(Replies.Ok);
        _bench.Store.HangsBefore = next => reached = next.State == LedgerState.Decided;
        await _bench.CrashAsync(() => reached);
        _bench.Two.Ecs.OnRead(Replies.Instance("sg-bp1base"));

        var settlement = await _bench.Two.HandleAsync();

        Assert.Equal(("Removed", null), FaultBench.EndOf(settlement));
        Assert.True(FaultBench.DataOf(settlement)["confirmedByReadBack"]!.GetValue<bool>());
        Assert.Equal(1, _bench.Leaves);
    }

    [Fact]
    public async Task Fault_07_A_crash_between_the_save_and_the_publishing_is_told_by_sweep_or_redelivery_under_one_id()
    {
        _bench.One.Ecs.OnLeave(Replies.Ok);
        _bench.One.Bus.HangsBefore = true;
        _bench.Two.Bus.HangsBefore = false;
        var decided = false;
        _bench.Store.HangsAfter = next => decided = next.State == LedgerState.Decided;
        await _bench.CrashAsync(() => decided);

        var swept = await _bench.Two.SweepAsync();
        var redelivered = await _bench.Two.HandleAsync();

        Assert.Equal((1, true), (swept.Published, redelivered.Replayed));
        Assert.Equal(2, _bench.Two.Bus.Published.Count);
        Assert.Single(_bench.Told);
        Assert.Equal(1, _bench.Leaves);
    }

    [Fact]
    public async Task Fault_08_A_crash_between_the_publishing_and_its_mark_sends_the_event_twice_under_one_id()
    {
        _bench.One.Ecs.OnLeave(Replies.Ok);
        _bench.One.Bus.HangsAfter = true;
        await _bench.CrashAsync(() => _bench.One.Bus.Published.Count == 1);

        Assert.Equal(1, (await _bench.Two.SweepAsync()).Published);

        Assert.Equal(_bench.One.Bus.Published.Single().Json.ToArray(), _bench.Two.Bus.Published.Single().Json.ToArray());
        Assert.Single(_bench.Told);
    }

    [Fact]
    public async Task Fault_09_A_crash_between_the_mark_and_the_settlement_only_completes_the_message()
    {
        _bench.One.Ecs.OnLeave(Replies.Ok);
        await using (var first = _bench.One)
        {
            await first.HandleAsync();
        }

        Assert.Equal(LedgerState.Published, (await _bench.RecordAsync()).State);

        Assert.True(Assert.IsType<Settlement.Complete>(await _bench.Two.HandleAsync(Some.Delivery() with { DeliveryCount = 2 })).Replayed);
        Assert.Empty(_bench.Two.Ecs.Calls);
        Assert.Single(_bench.Told);
    }

    [Fact]
    public async Task Fault_10_A_slow_owner_that_wakes_after_a_takeover_calls_nothing_and_tells_nothing()
    {
        var slow = new TaskCompletionSource();
        _bench.Store.Before = next => next.State == LedgerState.Called ? slow.Task : Task.CompletedTask;
        var first = _bench.One.BeginAlone(Some.Delivery());
        await HandlerBench.UntilAsync(() => _bench.Store.IsWaiting);
        _bench.Clock.Advance(FaultBench.Lease);
        _bench.Two.Ecs.OnLeave(Replies.Ok);
        Assert.IsType<Settlement.Complete>(await _bench.Two.HandleAsync());

        slow.SetResult();

        Assert.IsType<Settlement.Postpone>(await _bench.One.RunAsync(first));
        Assert.Empty(_bench.One.Ecs.Calls);
        Assert.Empty(_bench.One.Bus.Published);
        Assert.Equal(1, _bench.Leaves);
    }
}
