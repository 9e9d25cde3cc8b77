using System.Text.Json;
using Ungroup.Sandbox.Tests.Ecs.Support;

namespace Ungroup.Sandbox.Tests.Ecs;

/// <summary>A host as a containment reads it, and what keeps its interfaces from being changed.</summary>
public sealed class HostTests
{
    private static readonly (string, string) Region = ("RegionId", "r1");

    [Fact]
    public async Task An_instance_says_when_it_goes_and_how_it_is_reached()
    {
        await using var sim = await Sim.StartAsync(Hosts.World());

        var (one, two) = (await InstanceAsync(sim, "i-1"), await InstanceAsync(sim, "i-2"));

        Assert.Equal(("2026-02-01T00:00:00Z", "2026-03-01T00:00Z", "NoSpot", "PostPaid"), (Text(one, "AutoReleaseTime"), Text(one, "ExpiredTime"), Text(one, "SpotStrategy"), Text(one, "InstanceChargeType")));
        Assert.True(one.GetProperty("DeletionProtection").GetBoolean() && one.GetProperty("Recyclable").GetBoolean());
        Assert.Equal("""{"IpAddress":["47.0.0.1"]}""", one.GetProperty("PublicIpAddress").GetRawText());
        Assert.Equal("47.0.0.2", Text(one.GetProperty("EipAddress"), "IpAddress"));
        Assert.Equal(("", "2099-12-31T15:59Z", "SpotAsPriceGo", ""), (Text(two, "AutoReleaseTime"), Text(two, "ExpiredTime"), Text(two, "SpotStrategy"), Text(two.GetProperty("EipAddress"), "IpAddress")));
        Assert.False(two.GetProperty("DeletionProtection").GetBoolean() || two.GetProperty("Recyclable").GetBoolean());
    }

    [Fact]
    public async Task An_interface_says_its_addresses_and_how_long_it_remembers_sessions()
    {
        await using var sim = await Sim.StartAsync(Hosts.World());

        var (two, primary) = (await InterfaceAsync(sim, "eni-2"), await InterfaceAsync(sim, "eni-primary-1"));

        Assert.Equal(("00:16:3e:00:00:02", "10.0.0.2"), (Text(two, "MacAddress"), Text(two, "PrivateIpAddress")));
        Assert.Equal(
            """{"PrivateIpSet":[{"PrivateIpAddress":"10.0.0.2","Primary":true},{"PrivateIpAddress":"10.0.0.3","Primary":false}]}""",
            two.GetProperty("PrivateIpSets").GetRawText());
        Assert.Equal("""{"Ipv6Set":[{"Ipv6Address":"2001:db8::2"}]}""", two.GetProperty("Ipv6Sets").GetRawText());
        Assert.Equal("47.0.0.3", Text(two.GetProperty("AssociatedPublicIp"), "PublicIpAddress"));
        Assert.Equal(
            """{"TcpEstablishedTimeout":300,"TcpClosedAndTimeWaitTimeout":3,"UdpTimeout":100}""",
            two.GetProperty("ConnectionTrackingConfiguration").GetRawText());
        Assert.Equal(("10.0.0.1", "47.0.0.2"), (Text(primary, "PrivateIpAddress"), Text(primary.GetProperty("AssociatedPublicIp"), "PublicIpAddress")));
        Assert.Equal(910, primary.GetProperty("ConnectionTrackingConfiguration").GetProperty("TcpEstablishedTimeout").GetInt32());
        Assert.Matches("^00:16:3e(:[0-9a-f]{2}){3}$", Text(primary, "MacAddress"));
    }

    [Fact]
    public async Task A_managed_interface_is_listed_by_its_instance_alone()
    {
        await using var sim = await Sim.StartAsync(Hosts.World());

        var byInstance = DescribeTests.InterfacesOf(await InstanceAsync(sim, "i-1")).Select(eni => Text(eni, "NetworkInterfaceId"));
        var byFilter = await sim.SendAsync("DescribeNetworkInterfaces", Region, ("InstanceId", "i-1"));
        var managed = await InterfaceAsync(sim, "eni-managed");

        Assert.Equal(["eni-primary-1", "eni-2", "eni-managed"], byInstance);
        Assert.Equal(["eni-primary-1", "eni-2"], DescribeTests.Ids(byFilter, "NetworkInterfaceSets", "NetworkInterfaceSet", "NetworkInterfaceId"));
        Assert.Equal("", Text(managed, "InstanceId"));
        Assert.False(managed.TryGetProperty("Attachment", out _));
    }

    [Fact]
    public async Task The_role_of_an_instance_has_a_call_of_its_own()
    {
        await using var sim = await Sim.StartAsync(Hosts.World());

        var both = await sim.SendAsync("DescribeInstanceRamRole", Region, ("InstanceIds", """["i-1","i-2"]"""));
        var byRole = await sim.SendAsync("DescribeInstanceRamRole", Region, ("RamRoleName", "other"));
        var neither = await sim.SendAsync("DescribeInstanceRamRole", Region);

        Assert.Equal("""{"InstanceRamRoleSet":[{"InstanceId":"i-1","RamRoleName":"app"}]}""", both.Json.GetProperty("InstanceRamRoleSets").GetRawText());
        Assert.Equal(0, byRole.Json.GetProperty("TotalCount").GetInt32());
        Assert.Equal("MissingParameter", neither.Code);
    }

    [Fact]
    public async Task The_interface_of_an_elastic_container_keeps_its_groups()
    {
        await using var sim = await Sim.StartAsync(Hosts.World());

        Answer[] answers =
        [
            await sim.JoinAsync("eni-pod", "sg-iso"),
            await sim.LeaveAsync("eni-pod", "sg-a"),
            await sim.SendAsync("ModifyNetworkInterfaceAttribute", Region, ("NetworkInterfaceId", "eni-pod"), ("SecurityGroupId.1", "sg-iso")),
        ];

        Assert.All(answers, answer => Assert.Equal((403, "InvalidOperation.InvalidEniType"), (answer.Status, answer.Code)));
        Assert.Equal(["sg-a", "sg-b"], sim.World.GroupsOf("eni-pod"));
        Assert.Equal("eci-pod-1", Text(await InterfaceAsync(sim, "eni-pod"), "InstanceId"));
    }

    [Fact]
    public async Task A_basic_group_counts_addresses_and_an_advanced_one_interfaces()
    {
        await using var sim = await Sim.StartAsync(Hosts.World());

        Assert.Equal(200, (await sim.JoinAsync("i-2", "sg-small")).Status);
        Assert.Equal("SecurityGroupInstanceLimitExceeded", (await sim.JoinAsync("eni-2", "sg-small")).Code);
        await sim.SendAsync("ModifyInstanceAttribute", ("InstanceId", "i-2"), ("SecurityGroupIds.1", "sg-a"));
        Assert.Equal(200, (await sim.JoinAsync("eni-2", "sg-small")).Status);

        var swap = ("SecurityGroupId.1", "sg-advanced");
        Assert.Equal(200, (await sim.SendAsync("ModifyNetworkInterfaceAttribute", Region, ("NetworkInterfaceId", "eni-2"), swap)).Status);
        var full = await sim.SendAsync("ModifyInstanceAttribute", ("InstanceId", "i-2"), ("SecurityGroupIds.1", "sg-advanced"));
        Assert.Equal((403, "SecurityGroupInstanceLimitExceed"), (full.Status, full.Code));
    }

    [Fact]
    public async Task The_world_says_how_many_groups_an_interface_may_be_in()
    {
        await using var sim = await Sim.StartAsync(Hosts.World(""", "groupsPerInterface": 2"""));

        Assert.Equal((403, "InstanceSecurityGroupLimitExceeded"), Of(await sim.JoinAsync("eni-2", "sg-iso")));
        Assert.Equal((400, "JoinedGroupLimitExceed"), Of(await sim.SendAsync(
            "ModifyInstanceAttribute", ("InstanceId", "i-1"), ("SecurityGroupIds.1", "sg-a"), ("SecurityGroupIds.2", "sg-b"), ("SecurityGroupIds.3", "sg-iso"))));
        Assert.Equal(200, (await sim.LeaveAsync("eni-2", "sg-a")).Status);
        Assert.Equal(200, (await sim.JoinAsync("eni-2", "sg-iso")).Status);

        static (int, string?) Of(Answer answer) => (answer.Status, answer.Code);
    }

    [Fact]
    public async Task Reads_show_the_membership_of_a_while_ago()
    {
        await using var sim = await Sim.StartAsync(Hosts.World(""", "readLagMs": 3000"""));

        await sim.JoinAsync("i-1", "sg-iso");
        sim.Clock.Advance(TimeSpan.FromSeconds(2));
        await sim.LeaveAsync("i-1", "sg-a");

        Assert.Equal(["sg-a", "sg-b"], await ShownAsync(sim));
        sim.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(["sg-a", "sg-b", "sg-iso"], await ShownAsync(sim));
        sim.Clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(["sg-b", "sg-iso"], await ShownAsync(sim));
    }

    [Theory]
    [InlineData("JoinSecurityGroup", "InstanceId=i-1&SecurityGroupId=sg-iso")]
    [InlineData("LeaveSecurityGroup", "InstanceId=i-1&SecurityGroupId=sg-a")]
    [InlineData("ModifyInstanceAttribute", "InstanceId=i-1&SecurityGroupIds.1=sg-iso")]
    [InlineData("ModifyNetworkInterfaceAttribute", "NetworkInterfaceId=eni-2&SecurityGroupId.1=sg-iso")]
    [InlineData("DescribeSecurityGroupAttribute", "SecurityGroupId=sg-iso")]
    [InlineData("DescribeInstances", "InstanceIds=[\"i-1\"]")]
    [InlineData("DescribeNetworkInterfaces", "NetworkInterfaceId.1=eni-2")]
    [InlineData("DescribeInstanceRamRole", "InstanceIds=[\"i-1\"]")]
    public async Task Every_call_can_go_wrong_on_request_and_has_a_quota_of_its_own(string action, string parameters)
    {
        await using var sim = await Sim.StartAsync(Hosts.World(
            $$""", "quotas": [{ "action": "{{action}}", "calls": 3, "perSeconds": 60 }]""",
            $$"""{ "kind": "throttle", "action": "{{action}}", "retryAfterMs": 5 }, { "kind": "service-unavailable", "action": "{{action}}" }"""));
        (string, string)[] all = [Region, .. parameters.Split('&').Select(pair => pair.Split('=', 2)).Select(pair => (pair[0], pair[1]))];

        var codes = new List<string?>();
        for (var call = 0; call < 4; call++)
        {
            codes.Add((await sim.SendAsync(action, all)).Code);
        }

        Assert.Equal(["Throttling.User", "ServiceUnavailable", null, "Throttling.User"], codes);
    }

    private static async Task<JsonElement> InstanceAsync(Sim sim, string id) =>
        (await sim.SendAsync("DescribeInstances", Region, ("InstanceIds", $"[\"{id}\"]"))).Json.GetProperty("Instances").GetProperty("Instance")[0];

    private static async Task<JsonElement> InterfaceAsync(Sim sim, string id) =>
        (await sim.SendAsync("DescribeNetworkInterfaces", Region, ("NetworkInterfaceId.1", id))).Json
        .GetProperty("NetworkInterfaceSets").GetProperty("NetworkInterfaceSet")[0];

    private static async Task<IEnumerable<string?>> ShownAsync(Sim sim) =>
        (await InstanceAsync(sim, "i-1")).GetProperty("SecurityGroupIds").GetProperty("SecurityGroupId").EnumerateArray().Select(id => id.GetString());

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;
}
