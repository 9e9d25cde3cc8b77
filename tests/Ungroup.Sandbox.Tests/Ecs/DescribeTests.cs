using System.Text.Json;
using Ungroup.Sandbox.Tests.Ecs.Support;

namespace Ungroup.Sandbox.Tests.Ecs;

public sealed class DescribeTests
{
    private static readonly (string, string) Region = ("RegionId", "r1");

    [Theory]
    [InlineData("InstanceIds", """["i-web","i-solo","i-nowhere"]""", "i-web i-solo")]
    [InlineData("SecurityGroupId", "sg-managed", "i-managed")]
    [InlineData("Status", "Stopped", "i-stopped")]
    [InlineData("InstanceName", "隔离 web", "i-web")]
    [InlineData("Tag.1.Key", "env", "i-web")]
    public async Task Instances_are_found_by_filter(string name, string value, string expected)
    {
        await using var sim = await Sim.StartAsync(Some.World());

        var answer = await sim.SendAsync("DescribeInstances", Region, (name, value));

        Assert.Equal(expected.Split(' '), Ids(answer, "Instances", "Instance", "InstanceId"));
    }

    [Theory]
    [InlineData("InstanceId", "i-web", "eni-primary-web eni-app")]
    [InlineData("NetworkInterfaceId.1", "eni-solo", "eni-solo")]
    [InlineData("Status", "Detaching", "eni-moving")]
    [InlineData("ServiceManaged", "true", "eni-managed")]
    [InlineData("SecurityGroupId", "sg-web", "eni-app eni-solo eni-moving eni-managed")]
    public async Task Interfaces_are_found_by_filter_and_by_group_only_secondary_ones(string name, string value, string expected)
    {
        await using var sim = await Sim.StartAsync(Some.World());

        var answer = await sim.SendAsync("DescribeNetworkInterfaces", Region, (name, value));

        Assert.Equal(expected.Split(' '), Ids(answer, "NetworkInterfaceSets", "NetworkInterfaceSet", "NetworkInterfaceId"));
    }

    [Theory]
    [InlineData("SecurityGroupId", "sg-web", "sg-web")]
    [InlineData("SecurityGroupIds", """["sg-web","sg-far","sg-other"]""", "sg-web")]
    [InlineData("SecurityGroupType", "enterprise", "sg-enterprise")]
    [InlineData("ServiceManaged", "True", "sg-managed")]
    public async Task Groups_are_found_by_filter(string name, string value, string expected)
    {
        await using var sim = await Sim.StartAsync(Some.World());

        var answer = await sim.SendAsync("DescribeSecurityGroups", Region, (name, value));

        Assert.Equal(expected.Split(' '), Ids(answer, "SecurityGroups", "SecurityGroup", "SecurityGroupId"));
    }

    [Fact]
    public async Task An_instance_is_shown_with_groups_locks_tags_and_interfaces()
    {
        await using var sim = await Sim.StartAsync(Some.World());

        var web = (await sim.SendAsync("DescribeInstances", Region, ("InstanceIds", """["i-web"]"""))).Json
            .GetProperty("Instances").GetProperty("Instance")[0];
        var locked = (await sim.SendAsync("DescribeInstanceAttribute", ("InstanceId", "i-locked"))).Json;

        Assert.Equal("""{"SecurityGroupId":["sg-base","sg-web"]}""", web.GetProperty("SecurityGroupIds").GetRawText());
        Assert.Equal("""{"Tag":[{"TagKey":"env","TagValue":"prod"}]}""", web.GetProperty("Tags").GetRawText());
        Assert.Equal("""{"LockReason":[]}""", web.GetProperty("OperationLocks").GetRawText());
        Assert.Equal(["eni-primary-web", "eni-app", "eni-managed"], InterfacesOf(web).Select(eni => eni.GetProperty("NetworkInterfaceId").GetString()));
        Assert.Equal("vpc-1", web.GetProperty("VpcAttributes").GetProperty("VpcId").GetString());
        Assert.Equal("security", locked.GetProperty("OperationLocks").GetProperty("LockReason")[0].GetProperty("LockReason").GetString());
        Assert.Equal(("Starting", "r1"), (locked.GetProperty("Status").GetString(), locked.GetProperty("RegionId").GetString()));
    }

    [Fact]
    public async Task An_interface_is_shown_with_owner_and_attachment_unless_it_is_managed()
    {
        await using var sim = await Sim.StartAsync(Some.World());

        var own = (await sim.SendAsync("DescribeNetworkInterfaceAttribute", Region, ("NetworkInterfaceId", "eni-app"))).Json;
        var managed = (await sim.SendAsync("DescribeNetworkInterfaceAttribute", Region, ("NetworkInterfaceId", "eni-managed"))).Json;

        Assert.Equal(("1", "Secondary", "InUse"), (own.GetProperty("OwnerId").GetString(), own.GetProperty("Type").GetString(), own.GetProperty("Status").GetString()));
        Assert.Equal("i-web", own.GetProperty("Attachment").GetProperty("InstanceId").GetString());
        Assert.True(managed.GetProperty("ServiceManaged").GetBoolean());
        Assert.Equal("", managed.GetProperty("InstanceId").GetString());
    }

    [Theory]
    [InlineData("DescribeInstances", "", "", "MissingParameter.RegionId")]
    [InlineData("DescribeNetworkInterfaces", "", "", "MissingParameter.RegionId")]
    [InlineData("DescribeNetworkInterfaceAttribute", "", "", "MissingParameter.RegionId")]
    [InlineData("DescribeSecurityGroups", "RegionId", "r9", "InvalidRegion.NotFound")]
    [InlineData("DescribeInstanceAttribute", "InstanceId", "i-nowhere", "InvalidInstanceId.NotFound")]
    [InlineData("DescribeInstanceAttribute", "InstanceId", "web", "InvalidInstanceId.Malformed")]
    public async Task What_cannot_be_read_is_said_so(string action, string name, string value, string code)
    {
        await using var sim = await Sim.StartAsync(Some.World());

        var answer = await sim.SendAsync(action, name.Length == 0 ? [] : [(name, value)]);

        Assert.Equal(code, answer.Code);
    }

    [Theory]
    [InlineData("InstanceIds", "i-web", "InvalidParameter")]
    [InlineData("MaxResults", "many", "InvalidParameter")]
    [InlineData("NextToken", "forged", "InvalidParameter.NextToken")]
    [InlineData("DryRun", "true", "DryRunOperation")]
    public async Task A_parameter_that_is_none_is_refused_and_a_dry_run_answered(string name, string value, string code)
    {
        await using var sim = await Sim.StartAsync(Some.World());

        var answer = await sim.SendAsync("DescribeInstances", Region, (name, value));

        Assert.Equal((400, code), (answer.Status, answer.Code));
    }

    internal static IEnumerable<JsonElement> InterfacesOf(JsonElement instance) =>
        instance.GetProperty("NetworkInterfaces").GetProperty("NetworkInterface").EnumerateArray();

    internal static IEnumerable<string> Ids(Answer answer, string plural, string singular, string id) =>
        answer.Json.GetProperty(plural).GetProperty(singular).EnumerateArray().Select(item => item.GetProperty(id).GetString()!);
}
