using Ungroup.Sandbox.Ecs;
using Ungroup.Sandbox.Tests.Ecs.Support;

namespace Ungroup.Sandbox.Tests.Ecs;

public sealed class DenialTests
{
    [Fact]
    public async Task A_group_that_is_denied_is_denied_again_and_again_and_nothing_else_is()
    {
        await using var sim = await Sim.StartAsync(Some.World(denials: """{ "securityGroupId": "sg-web", "action": "LeaveSecurityGroup" }"""));

        for (var call = 0; call < 3; call++)
        {
            var denied = await sim.LeaveAsync(Some.Instance, Some.Web);
            Assert.Equal((403, "Forbidden.RAM"), (denied.Status, denied.Code));
        }

        Assert.Equal([Some.Base, Some.Web], sim.World.GroupsOf(Some.Instance));
        Assert.Equal(200, (await sim.LeaveAsync(Some.Instance, Some.Base)).Status);
    }

    [Fact]
    public async Task A_region_that_is_denied_denies_every_call_and_the_next_region_none()
    {
        await using var sim = await Sim.StartAsync(Some.World(denials: """{ "regionId": "r1", "account": "default", "code": "InvalidAccessKeyId.NotFound" }"""));

        Assert.Equal("InvalidAccessKeyId.NotFound", (await sim.LeaveAsync(Some.Instance, Some.Web)).Code);
        Assert.Equal("InvalidAccessKeyId.NotFound", (await sim.SendAsync("DescribeInstances", ("RegionId", "r1"))).Code);
        Assert.Equal(200, (await sim.SendAsync("DescribeInstances", ("RegionId", "r2"))).Status);
    }

    [Fact]
    public async Task A_denial_comes_and_goes_while_the_simulator_runs()
    {
        await using var sim = await Sim.StartAsync(Some.World());

        Assert.Equal(200, (await sim.PostAsync("/_sim/denials", """{ "securityGroupId": "sg-web" }""")).Status);
        Assert.Equal("Forbidden.RAM", (await sim.LeaveAsync(Some.Instance, Some.Web)).Code);
        Assert.Equal(200, (await sim.PostAsync("/_sim/denials", """{ "securityGroupId": "sg-web", "lifted": true }""")).Status);

        Assert.Equal(200, (await sim.LeaveAsync(Some.Instance, Some.Web)).Status);
    }

    [Fact]
    public async Task A_denied_call_uses_up_no_quota()
    {
        await using var sim = await Sim.StartAsync(Some.World(
            quotas: """{ "action": "LeaveSecurityGroup", "calls": 1, "perSeconds": 60 }""", denials: """{ "securityGroupId": "sg-web" }"""));

        await sim.LeaveAsync(Some.Instance, Some.Web);

        Assert.Equal(200, (await sim.LeaveAsync(Some.Instance, Some.Base)).Status);
    }

    [Theory]
    [InlineData("""{ "action": "LeaveSecurityGroup" }""", "a denial needs `securityGroupId` or `regionId`: what is denied.")]
    [InlineData("""{ "securityGroupId": "web" }""", "`securityGroupId` of a denial was `web`; expected sg-…")]
    [InlineData("""{ "regionId": "r9" }""", "`regionId` of a denial was `r9`; expected one of r1, r2, r3.")]
    [InlineData("""{ "regionId": "r1", "code": "Nope" }""", "`code` of a denial was `Nope`; expected one of Forbidden.RAM, InvalidAccessKeyId.NotFound.")]
    [InlineData("""{ "regionId": "r1", "grup": "x" }""", "a denial has no member `grup`; it may have account, action, regionId, securityGroupId, code.")]
    public void A_denial_that_cannot_be_is_refused_with_a_sentence(string denial, string sentence) =>
        Assert.Contains(sentence, Assert.Throws<WorldFileException>(() => Some.World(denials: denial)).Message, StringComparison.Ordinal);
}
