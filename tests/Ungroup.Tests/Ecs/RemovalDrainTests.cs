using Ungroup.Ecs;

namespace Ungroup.Tests.Ecs;

public sealed class RemovalDrainTests
{
    private readonly EcsBench bench = new();

    [Fact]
    public void A_call_on_its_way_is_seen_through()
    {
        bench.Ecs.OnLeave(Replies.Ok.Doing(bench.Drain.Cancel).After(TimeSpan.FromSeconds(40), bench.Clock));

        Assert.Equal(OutcomeStatus.Removed, bench.End().Status);
    }

    [Fact]
    public void No_further_attempt_is_made()
    {
        bench.Ecs.OnLeave(Replies.Error(409, "InvalidOperation.Conflict").Doing(bench.Drain.Cancel));

        var wait = bench.Wait();

        Assert.Equal(bench.Now, wait.Until);
        Assert.Contains("shutting down", wait.Why, StringComparison.Ordinal);
        Assert.Equal("InvalidOperation.Conflict", wait.Code);
        Assert.Single(bench.Ecs.Calls);
    }

    [Fact]
    public void What_is_uncertain_is_handed_on()
    {
        bench.Ecs.OnLeave(Replies.Error(504, "RequestTimeout").Doing(bench.Drain.Cancel));

        var wait = bench.Wait();

        Assert.True(wait.MayHaveLeft);
        Assert.Equal(bench.Now, wait.Until);
        Assert.Equal(new CallCount(1, 1), wait.Calls);
    }

    [Fact]
    public void A_delivery_that_comes_while_shutting_down_calls_nothing()
    {
        bench.Drain.Cancel();

        Assert.Equal(bench.Now, bench.Wait().Until);
        Assert.Empty(bench.Ecs.Calls);
    }
}
