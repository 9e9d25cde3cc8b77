using Ungroup.Messages;

namespace Ungroup.Tests.Ecs.Changes;

public sealed class RemovalDrainTests
{
    private readonly EcsBench _bench = new();

    [Fact]
    public void A_call_on_its_way_is_seen_through()
    {
        _bench.Ecs.OnLeave(Replies.Ok.Doing(_bench.Drain.Cancel).After(TimeSpan.FromSeconds(40), _bench.Clock));

        Assert.Equal(OutcomeStatus.Removed, _bench.End().Status);
    }

    [Fact]
    public void No_further_attempt_is_made()
    {
        _bench.Ecs.OnLeave(Replies.Error(409, "InvalidOperation.Conflict").Doing(_bench.Drain.Cancel));

        var wait = _bench.Wait();

        Assert.Equal(_bench.Now, wait.Until);
        Assert.Contains("shutting down", wait.Why, StringComparison.Ordinal);
        Assert.Equal("InvalidOperation.Conflict", wait.Code);
        Assert.Single(_bench.Ecs.Calls);
    }

    [Fact]
    public void What_is_uncertain_is_handed_on()
    {
        _bench.Ecs.OnLeave(Replies.Error(504, "RequestTimeout").Doing(_bench.Drain.Cancel));

        var wait = _bench.Wait();

        Assert.True(wait.MayHaveLeft);
        Assert.Equal(_bench.Now, wait.Until);
        Assert.Equal(new CallCount(1, 1), wait.Calls);
    }

    [Fact]
    public void A_delivery_that_comes_while_shutting_down_calls_nothing()
    {
        _bench.Drain.Cancel();

        Assert.Equal(_bench.Now, _bench.Wait().Until);
        Assert.Empty(_bench.Ecs.Calls);
    }
}
