using Ungroup.Messages;

namespace Ungroup.Tests.Ecs.Changes;

public sealed class RemovalCircuitTests
{
    private readonly EcsBench _bench = new();

    [Fact]
    public void Calls_that_get_no_answer_close_the_region_after_five_in_a_row()
    {
        _bench.Ecs.OnLeave(Replies.Reset).OnRead(Replies.Reset);
        _bench.Wait();
        Assert.Empty(_bench.Circuits.Snapshot());

        var closing = _bench.Wait();
        var after = _bench.Wait();

        Assert.Equal(6, _bench.Ecs.Calls.Count);
        Assert.Contains("in cn-beijing of account default is closed", closing.Why, StringComparison.Ordinal);
        Assert.Equal(default, after.Calls);
    }

    [Fact]
    public void Any_proper_answer_starts_the_count_anew()
    {
        _bench.Ecs.OnLeave(Replies.Reset, Replies.Reset, Replies.Reset, Replies.Error(403, "InstanceLastSecurityGroup"), Replies.Reset)
            .OnRead(Replies.Instance(Removals.Group));
        _bench.Wait();
        _bench.End();
        _bench.Wait();

        Assert.Empty(_bench.Circuits.Snapshot());
    }

    [Fact]
    public void An_outage_that_goes_on_is_probed_by_each_API_at_most_once_a_minute()
    {
        _bench.Ecs.OnLeave(Replies.Error(503, "ServiceUnavailable")).OnRead(Replies.Error(503, "ServiceUnavailable"));
        _bench.Wait();
        _bench.Wait();
        for (var probe = 0; probe < 5; probe++)
        {
            _bench.Clock.Advance(_bench.Circuits.Snapshot()[0].Until - _bench.Now);
            _bench.Wait();
        }

        // Five to notice, one more of the other API, and five probes of each of the two.
        Assert.Equal(16, _bench.Ecs.Calls.Count);
        Assert.InRange(_bench.Circuits.Snapshot()[0].Until - _bench.Now, TimeSpan.FromSeconds(58), TimeSpan.FromSeconds(60));
    }

    [Fact]
    public void Who_waits_for_a_circuit_comes_back_ever_more_rarely()
    {
        _bench.Ecs.OnLeave(Replies.Error(403, "InvalidAccessKeyId.Inactive"));
        _bench.Wait();

        var late = _bench.Wait(progress: Removals.Progress with { Postponements = 5 });

        Assert.Equal(TimeSpan.FromSeconds(15 * 32 * 0.9), late.Until - _bench.Now);
    }

    [Fact]
    public void A_single_denial_keeps_only_requests_about_its_own_group_waiting()
    {
        _bench.Ecs.OnLeave(Replies.Error(403, "Forbidden.RAM"), Replies.Ok);

        var wait = _bench.Wait();

        Assert.Contains("Forbidden.RAM", wait.Why, StringComparison.Ordinal);
        Assert.Equal("Forbidden.RAM", wait.Code);
        Assert.Equal(OutcomeStatus.Removed, _bench.End(Removals.Request with { SecurityGroup = Support.Some.Group("sg-2") }).Status);
        Assert.Contains("sg-", _bench.Wait().Why, StringComparison.Ordinal);
        _bench.Clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(OutcomeStatus.Removed, _bench.End().Status);
    }
}
