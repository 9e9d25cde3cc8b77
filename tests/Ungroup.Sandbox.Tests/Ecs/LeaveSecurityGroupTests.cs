using Ungroup.Sandbox.Tests.Ecs.Support;

namespace Ungroup.Sandbox.Tests.Ecs;

public sealed class LeaveSecurityGroupTests
{
    [Theory]
    [InlineData("i-web")]
    [InlineData("i-stopped")]
    [InlineData("i-unpaid")]
    [InlineData("i-listed")]
    [InlineData("eni-app")]
    public async Task A_member_leaves_and_the_answer_is_a_request_id(string resource)
    {
        await using var sim = await Sim.StartAsync(Some.World());

        var answer = await sim.LeaveAsync(resource, Some.Web);

        Assert.Equal(200, answer.Status);
        Assert.Equal(answer.Headers["x-acs-request-id"], answer.Json.GetProperty("RequestId").GetString());
        Assert.Equal("application/json;charset=utf-8", answer.ContentType!.Replace(" ", ""));
        Assert.Equal([Some.Base], sim.World.GroupsOf(resource));
        Assert.Equal(1, sim.World.EffectiveLeaves(resource, Some.Web));
    }

    [Theory]
    [InlineData("i-nowhere", "sg-web", 404, "InvalidInstanceId.NotFound")]
    [InlineData("i-far", "sg-web", 404, "InvalidInstanceId.NotFound")]
    [InlineData("i-theirs", "sg-web", 404, "InvalidInstanceId.NotFound")]
    [InlineData("i-nowhere", "sg-nowhere", 404, "InvalidInstanceId.NotFound")]
    [InlineData("i-web", "sg-nowhere", 404, "InvalidSecurityGroupId.NotFound")]
    [InlineData("i-web", "sg-far", 404, "InvalidSecurityGroupId.NotFound")]
    [InlineData("i-web", "sg-other", 404, "InvalidSecurityGroupId.NotFound")]
    [InlineData("eni-nowhere", "sg-web", 404, "InvalidEniId.NotFound")]
    [InlineData("i-UPPER", "sg-web", 400, "InvalidInstanceId.Malformed")]
    [InlineData("eni-", "sg-web", 403, "InvalidParam.Malformed")]
    [InlineData("i-web", "web", 403, "InvalidParam.Malformed")]
    [InlineData("i-locked", "sg-web", 403, "InstanceLockedForSecurity")]
    [InlineData("i-boot", "sg-web", 403, "IncorrectInstanceStatus")]
    [InlineData("eni-moving", "sg-web", 400, "InvalidOperation.InvalidEniState")]
    [InlineData("eni-listed", "sg-web", 403, "InvalidOperation.InvalidEniType")]
    [InlineData("eni-managed", "sg-web", 403, "InvalidOperation.EniServiceManaged")]
    [InlineData("i-managed", "sg-managed", 403, "InvalidOperation.ResourceManagedByCloudProduct")]
    [InlineData("i-web", "sg-spare", 400, "InvalidSecurityGroupAssociation.NotFound")]
    [InlineData("eni-app", "sg-spare", 400, "InvalidSecurityGroupAssociation.NotFound")]
    [InlineData("i-solo", "sg-web", 403, "InstanceLastSecurityGroup")]
    [InlineData("eni-solo", "sg-web", 403, "InvalidOperation.AtLeastInOneGroup")]
    public async Task Whatever_forbids_it_is_said_with_the_services_own_code(string resource, string group, int status, string code)
    {
        await using var sim = await Sim.StartAsync(Some.World());

        var answer = await sim.LeaveAsync(resource, group);

        Assert.Equal((status, code), (answer.Status, answer.Code));
        Assert.Equal("127.0.0.1", answer.Json.GetProperty("HostId").GetString());
        Assert.Contains($"q={code}&product=Ecs&requestId=", answer.Json.GetProperty("Recommend").GetString());
        Assert.Equal(0, sim.World.EffectiveLeaves(resource, group));
    }

    [Fact]
    public async Task The_second_leave_finds_no_association()
    {
        await using var sim = await Sim.StartAsync(Some.World());

        await sim.LeaveAsync(Some.Instance, Some.Web);
        var again = await sim.LeaveAsync(Some.Instance, Some.Web);

        Assert.Equal("InvalidSecurityGroupAssociation.NotFound", again.Code);
        Assert.Equal(1, sim.World.EffectiveLeaves(Some.Instance, Some.Web));
        Assert.Equal([true, false], sim.Simulator.Requests.Snapshot().Select(request => request.Effective));
    }

    [Fact]
    public async Task Parameters_are_checked_before_anything_is_looked_up()
    {
        await using var sim = await Sim.StartAsync(Some.World());

        var both = await sim.SendAsync("LeaveSecurityGroup", ("InstanceId", "i-x"), ("NetworkInterfaceId", "eni-x"), ("SecurityGroupId", "sg-x"));
        var interfaceWithoutRegion = await sim.SendAsync("LeaveSecurityGroup", ("NetworkInterfaceId", "eni-app"), ("SecurityGroupId", "sg-web"));
        var neither = await sim.SendAsync("LeaveSecurityGroup", ("SecurityGroupId", "sg-x"));
        var noGroup = await sim.SendAsync("LeaveSecurityGroup", ("InstanceId", "i-web"));

        Assert.Equal("InvalidParam.EniIdAndInstanceId.Conflict", both.Code);
        Assert.Equal("MissingParameter.RegionId", interfaceWithoutRegion.Code);
        Assert.Equal("MissingParameter", neither.Code);
        Assert.Equal("MissingParameter", noGroup.Code);
    }

    [Fact]
    public async Task An_instance_is_found_without_a_region_and_by_the_region_of_the_host()
    {
        await using var sim = await Sim.StartAsync(Some.World());
        (string, string)[] far = [("InstanceId", "i-far"), ("SecurityGroupId", "sg-far")];

        var otherHost = await sim.SendAsync(sim.Call("LeaveSecurityGroup", far) with { Host = "ecs.r1.aliyuncs.com" });
        var itsHost = await sim.SendAsync(sim.Call("LeaveSecurityGroup", far) with { Host = "ecs-vpc.r2.aliyuncs.com" });
        var anyHost = await sim.SendAsync("LeaveSecurityGroup", far);

        Assert.Equal("InvalidInstanceId.NotFound", otherHost.Code);
        Assert.Equal(200, itsHost.Status);
        Assert.Equal("InvalidSecurityGroupAssociation.NotFound", anyHost.Code);
        Assert.Equal("r2", sim.Simulator.Requests.Snapshot()[^1].RegionId);
    }

    [Theory]
    [InlineData("i-boot")]
    [InlineData("eni-moving")]
    public async Task A_resource_in_transit_may_leave_once_it_has_arrived(string resource)
    {
        await using var sim = await Sim.StartAsync(Some.World());

        sim.Clock.Advance(TimeSpan.FromSeconds(2.9));
        Assert.NotEqual(200, (await sim.LeaveAsync(resource, Some.Web)).Status);
        sim.Clock.Advance(TimeSpan.FromSeconds(0.1));

        Assert.Equal(200, (await sim.LeaveAsync(resource, Some.Web)).Status);
    }

    [Fact]
    public async Task Of_many_at_once_exactly_one_is_effective()
    {
        await using var sim = await Sim.StartAsync(Some.World());

        var answers = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => sim.LeaveAsync(Some.Instance, Some.Web)));

        Assert.Single(answers, answer => answer.Status == 200);
        Assert.Equal(1, sim.World.EffectiveLeaves(Some.Instance, Some.Web));
        Assert.Equal(32, sim.Simulator.Requests.CountOf("LeaveSecurityGroup"));
    }
}
