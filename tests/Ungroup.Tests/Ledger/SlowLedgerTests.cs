using Ungroup.Ledger;
using Ungroup.Messages;
using Ungroup.Tests.Ecs;
using Ungroup.Tests.Faults;
using Ungroup.Tests.Support;

namespace Ungroup.Tests.Ledger;

public sealed class SlowLedgerTests : IAsyncDisposable
{
    private readonly FaultBench _bench = new();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task A_lease_that_a_slow_reply_has_used_up_is_renewed_before_the_call()
    {
        var slow = true;
        _bench.Store.After = written => slow && written.State == LedgerState.Called
            ? Task.Delay(TimeSpan.FromSeconds(20), _bench.Clock, CancellationToken.None)
            : Task.CompletedTask;
        _bench.One.Ecs.OnLeave(Replies.Ok);

        var handling = _bench.One.BeginAlone(Some.Delivery());
        await HandlerBench.UntilAsync(() => _bench.Store.IsWaiting);
        slow = false;

        Assert.Equal(("Removed", null), FaultBench.EndOf(await _bench.One.RunAsync(handling)));
        Assert.Equal(1, FaultBench.DataOf(await _bench.Two.HandleAsync())["attempts"]!.GetValue<int>());
    }

    [Fact]
    public async Task A_ledger_that_stays_slow_is_away_and_no_call_is_made()
    {
        _bench.Store.After = written => written.State == LedgerState.Called
            ? Task.Delay(TimeSpan.FromSeconds(20), _bench.Clock, CancellationToken.None)
            : Task.CompletedTask;
        _bench.One.Ecs.OnLeave(Replies.Ok);

        var postpone = Assert.IsType<Settlement.Postpone>(await _bench.One.HandleAsync());

        Assert.Contains("longer than 14 s", postpone.Why, StringComparison.Ordinal);
        Assert.Empty(_bench.One.Ecs.Calls);
    }
}
