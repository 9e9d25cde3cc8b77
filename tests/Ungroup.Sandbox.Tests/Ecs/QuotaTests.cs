using Ungroup.Sandbox.Ecs;
using Ungroup.Sandbox.Tests.Ecs.Support;

namespace Ungroup.Sandbox.Tests.Ecs;

public sealed class QuotaTests
{
    private const string TwoPerMinute = """{ "action": "LeaveSecurityGroup", "calls": 2, "perSeconds": 60 }""";

    [Fact]
    public async Task A_call_too_many_is_told_the_milliseconds_to_the_next_minute()
    {
        await using var sim = await Sim.StartAsync(Some.World(quotas: TwoPerMinute), Sim.Noon.AddSeconds(41.5));

        await sim.LeaveAsync(Some.Instance, Some.Web);
        await sim.LeaveAsync(Some.Instance, Some.Web);
        var refused = await sim.LeaveAsync(Some.Instance, Some.Web);

        Assert.Equal((400, "Throttling.User", "18500"), (refused.Status, refused.Code, refused.Headers["x-acs-retry-after"]));
        Assert.Equal(
            new QuotaUse("LeaveSecurityGroup", "window", 2, 60) { Account = "default", RegionId = "r1", Used = 2, Served = 2, Refused = 1 },
            Assert.Single(sim.World.QuotaUse));
    }

    [Fact]
    public async Task The_window_turns_with_the_wall_clock()
    {
        await using var sim = await Sim.StartAsync(Some.World(quotas: TwoPerMinute), Sim.Noon.AddSeconds(59));

        await sim.LeaveAsync(Some.Instance, Some.Web);
        await sim.LeaveAsync(Some.Instance, Some.Web);
        sim.Clock.Advance(TimeSpan.FromMilliseconds(999));
        Assert.Equal("Throttling.User", (await sim.LeaveAsync(Some.Instance, Some.Web)).Code);
        sim.Clock.Advance(TimeSpan.FromMilliseconds(1));

        Assert.NotEqual("Throttling.User", (await sim.LeaveAsync(Some.Instance, Some.Web)).Code);
        Assert.Equal((1, 1L), (sim.World.QuotaUse[0].Used, sim.World.QuotaUse[0].Refused));
    }

    [Fact]
    public async Task Each_account_region_and_action_has_its_own_window()
    {
        await using var sim = await Sim.StartAsync(Some.World(quotas: """{ "action": "LeaveSecurityGroup", "calls": 1, "perSeconds": 60 }"""));
        SignedCall Far(string key) => sim.Call("LeaveSecurityGroup", ("InstanceId", "i-far"), ("SecurityGroupId", "sg-far"))
            with
        { KeyId = key, Secret = key == "key" ? "secret" : "other-secret" };

        await sim.LeaveAsync(Some.Instance, Some.Web);
        var otherRegion = await sim.SendAsync(Far("key"));
        var otherAccount = await sim.SendAsync(Far("other-key"));
        var otherAction = await sim.JoinAsync(Some.Instance, Some.Web);
        var same = await sim.SendAsync(Far("key"));

        Assert.Equal((200, "InvalidInstanceId.NotFound", 200), (otherRegion.Status, otherAccount.Code, otherAction.Status));
        Assert.Equal("Throttling.User", same.Code);
    }

    [Fact]
    public async Task The_first_quota_that_covers_a_call_counts_it_and_may_withhold_the_hint()
    {
        await using var sim = await Sim.StartAsync(Some.World(quotas: """
            { "action": "LeaveSecurityGroup", "calls": 0, "perSeconds": 10, "account": "default", "regionId": "r2", "hints": false },
            { "action": "LeaveSecurityGroup", "calls": 100, "perSeconds": 60 }
            """));

        var narrow = await sim.SendAsync("LeaveSecurityGroup", ("InstanceId", "i-far"), ("SecurityGroupId", "sg-far"));
        var wide = await sim.LeaveAsync(Some.Instance, Some.Web);

        Assert.Equal("Throttling.User", narrow.Code);
        Assert.DoesNotContain("x-acs-retry-after", narrow.Headers.Keys);
        Assert.Equal(200, wide.Status);
    }
}
