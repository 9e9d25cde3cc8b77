using Ungroup.Sandbox.Tests.Ecs.Support;

namespace Ungroup.Sandbox.Tests.Ecs;

public sealed class JoinAndModifyTests
{
    private static readonly (string, string) Region = ("RegionId", "r1");

    [Theory]
    [InlineData("i-web")]
    [InlineData("eni-app")]
    public async Task Joining_adds_one_group(string resource)
    {
        await using var sim = await Sim.StartAsync(Some.World());

        var answer = await sim.JoinAsync(resource, "sg-spare");

        Assert.Equal(200, answer.Status);
        Assert.Equal([Some.Base, Some.Web, "sg-spare"], sim.World.GroupsOf(resource));
        Assert.True(sim.Simulator.Requests.Snapshot()[0].Effective);
    }

    [Theory]
    [InlineData("i-web", "sg-web", 403, "InvalidInstanceId.AlreadyExists")]
    [InlineData("i-web", "sg-elsewhere", 400, "InvalidInstanceId.Mismatch")]
    [InlineData("eni-app", "sg-elsewhere", 403, "InvalidOperation.VpcMismatch")]
    [InlineData("i-web", "sg-enterprise", 400, "InvalidOperation.MultiGroupType")]
    [InlineData("i-web", "sg-full", 403, "SecurityGroupInstanceLimitExceeded")]
    [InlineData("i-web", "sg-managed", 403, "InvalidOperation.ResourceManagedByCloudProduct")]
    [InlineData("i-boot", "sg-spare", 403, "IncorrectInstanceStatus")]
    [InlineData("i-locked", "sg-spare", 403, "InstanceLockedForSecurity")]
    [InlineData("i-far", "sg-spare", 404, "InvalidInstanceId.NotFound")]
    [InlineData("eni-nowhere", "sg-spare", 404, "InvalidEniId.NotFound")]
    [InlineData("i-web", "sg-nowhere", 404, "InvalidSecurityGroupId.NotFound")]
    [InlineData("eni-listed", "sg-spare", 403, "InvalidOperation.InvalidEniType")]
    [InlineData("eni-managed", "sg-spare", 403, "InvalidOperation.EniServiceManaged")]
    [InlineData("eni-moving", "sg-spare", 400, "InvalidOperation.InvalidEniState")]
    [InlineData("eni-app", "sg-web", 403, "InvalidInstanceId.AlreadyExists")]
    [InlineData("i-UPPER", "sg-spare", 400, "InvalidInstanceId.Malformed")]
    public async Task What_may_not_join_is_refused_with_the_services_own_code(string resource, string group, int status, string code)
    {
        await using var sim = await Sim.StartAsync(Some.World());

        var answer = await sim.JoinAsync(resource, group);

        Assert.Equal((status, code), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task An_instance_swaps_all_its_groups_at_once_even_for_another_type()
    {
        await using var sim = await Sim.StartAsync(Some.World());

        var answer = await ModifyInstanceAsync(sim, "i-web", "sg-enterprise");

        Assert.Equal(200, answer.Status);
        Assert.Equal(["sg-enterprise"], sim.World.GroupsOf("i-web"));
        Assert.Equal(0, sim.World.EffectiveLeaves("i-web", Some.Web));
    }

    [Fact]
    public async Task Nothing_changes_silently_when_the_list_is_the_same()
    {
        await using var sim = await Sim.StartAsync(Some.World());

        Assert.Equal(200, (await ModifyInstanceAsync(sim, "i-web", Some.Base, Some.Web)).Status);
        Assert.Equal(200, (await sim.SendAsync("ModifyInstanceAttribute", ("InstanceId", "i-web"), ("InstanceName", "x"))).Status);

        Assert.All(sim.Simulator.Requests.Snapshot(), request => Assert.False(request.Effective));
    }

    [Theory]
    [InlineData("i-web", "sg-web sg-web", 404, "InvalidParameter.SecurityGroupIdRepeated")]
    [InlineData("i-web", "sg-web sg-nowhere", 404, "InvalidSecurityGroupId.NotFound")]
    [InlineData("i-web", "sg-web sg-enterprise", 403, "EnterpriseGroupLimited.MutliGroupType")]
    [InlineData("i-web", "sg-elsewhere", 404, "InvalidSecurityGroupVpc.NotBelongToOneVpc")]
    [InlineData("i-web", "sg-full", 403, "SecurityGroupInstanceLimitExceed")]
    [InlineData("i-web", "sg-1 sg-2 sg-3 sg-4 sg-5 sg-6 sg-7 sg-8 sg-9 sg-10 sg-11", 400, "JoinedGroupLimitExceed")]
    [InlineData("i-managed", "sg-base", 403, "InvalidOperation.ResourceManagedByCloudProduct")]
    [InlineData("i-locked", "sg-base", 403, "InstanceLockedForSecurity")]
    [InlineData("i-boot", "sg-base", 403, "IncorrectInstanceStatus")]
    [InlineData("i-nowhere", "sg-base", 404, "InvalidInstanceId.NotFound")]
    public async Task A_list_an_instance_cannot_have_is_refused(string instance, string groups, int status, string code)
    {
        await using var sim = await Sim.StartAsync(Some.World());

        var answer = await ModifyInstanceAsync(sim, instance, groups.Split(' '));

        Assert.Equal((status, code), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task A_secondary_interface_swaps_its_groups()
    {
        await using var sim = await Sim.StartAsync(Some.World());

        var answer = await ModifyInterfaceAsync(sim, "eni-app", "sg-spare", "sg-base");

        Assert.Equal(200, answer.Status);
        Assert.Equal(["sg-spare", "sg-base"], sim.World.GroupsOf("eni-app"));
    }

    [Theory]
    [InlineData("eni-listed", "sg-base", 404, "InvalidOperation.PrimaryEniOnlySupportModifyNameAndDesc")]
    [InlineData("eni-managed", "sg-base", 403, "InvalidOperation.EniServiceManaged")]
    [InlineData("eni-moving", "sg-base", 400, "InvalidOperation.InvalidEniState")]
    [InlineData("eni-app", "sg-base sg-enterprise", 403, "InvalidOperation.MultiGroupType")]
    [InlineData("eni-app", "sg-elsewhere", 403, "InvalidOperation.VpcMismatch")]
    [InlineData("eni-nowhere", "sg-base", 404, "InvalidEniId.NotFound")]
    [InlineData("web", "sg-base", 400, "InvalidParams.EniId")]
    public async Task A_list_an_interface_cannot_have_is_refused(string eni, string groups, int status, string code)
    {
        await using var sim = await Sim.StartAsync(Some.World());

        var answer = await ModifyInterfaceAsync(sim, eni, groups.Split(' '));

        Assert.Equal((status, code), (answer.Status, answer.Code));
    }

    private static Task<Answer> ModifyInstanceAsync(Sim sim, string instance, params string[] groups) => sim.SendAsync(
        "ModifyInstanceAttribute", [("InstanceId", instance), .. groups.Select((group, index) => ($"SecurityGroupIds.{index + 1}", group))]);

    private static Task<Answer> ModifyInterfaceAsync(Sim sim, string eni, params string[] groups) => sim.SendAsync(
        "ModifyNetworkInterfaceAttribute", [Region, ("NetworkInterfaceId", eni), .. groups.Select((group, index) => ($"SecurityGroupId.{index + 1}", group))]);
}
