using System.Text.Json;
using Ungroup.Sandbox.Tests.Ecs.Support;

namespace Ungroup.Sandbox.Tests.Ecs;

public sealed class GroupAttributeTests
{
    private static readonly (string, string) Region = ("RegionId", "r1");

    [Fact]
    public async Task A_group_is_shown_with_its_vpc_its_inner_policy_and_its_rules()
    {
        await using var sim = await Sim.StartAsync(Hosts.World());

        var group = (await ReadAsync(sim, "sg-iso")).Json;

        Assert.Equal(
            ("r1", "sg-iso", "isolation", "nobody talks", "vpc-1", "Drop", ""),
            (Text(group, "RegionId"), Text(group, "SecurityGroupId"), Text(group, "SecurityGroupName"), Text(group, "Description"), Text(group, "VpcId"), Text(group, "InnerAccessPolicy"), Text(group, "NextToken")));
        var rules = RulesOf(group);
        Assert.Equal(["0.0.0.0/0", "", "", ""], rules.Select(rule => Text(rule, "SourceCidrIp")));
        Assert.Equal(["", "::/0", "", ""], rules.Select(rule => Text(rule, "Ipv6SourceCidrIp")));
        Assert.Equal(["", "", "0.0.0.0/0", ""], rules.Select(rule => Text(rule, "DestCidrIp")));
        Assert.Equal(["", "", "", "sg-a"], rules.Select(rule => Text(rule, "DestGroupId")));
        Assert.Equal(("egress", "Accept", "TCP", "443/443", "2", "agents"), (
            Text(rules[3], "Direction"), Text(rules[3], "Policy"), Text(rules[3], "IpProtocol"), Text(rules[3], "PortRange"), Text(rules[3], "Priority"), Text(rules[3], "Description")));
        Assert.Equal(4, rules.Select(rule => Text(rule, "SecurityGroupRuleId")).Distinct().Count());
    }

    [Theory]
    [InlineData("sg-a", "Accept")]
    [InlineData("sg-advanced", "Drop")]
    public async Task Members_of_a_basic_group_reach_each_other_unless_told_otherwise(string group, string policy)
    {
        await using var sim = await Sim.StartAsync(Hosts.World());

        Assert.Equal(policy, Text((await ReadAsync(sim, group)).Json, "InnerAccessPolicy"));
    }

    [Theory]
    [InlineData("ingress", 2)]
    [InlineData("egress", 2)]
    [InlineData("all", 4)]
    public async Task One_direction_can_be_asked_for(string direction, int rules)
    {
        await using var sim = await Sim.StartAsync(Hosts.World());

        var group = (await ReadAsync(sim, "sg-iso", ("Direction", direction))).Json;

        Assert.Equal(rules, RulesOf(group).Count);
        Assert.All(RulesOf(group), rule => Assert.True(direction == "all" || Text(rule, "Direction") == direction));
    }

    [Fact]
    public async Task Rules_come_in_pages_by_token()
    {
        var rules = string.Join(",", Enumerable.Range(1, 25).Select(number =>
            $$"""{ "direction": "ingress", "sourceCidrIp": "10.0.0.{{number}}/32", "priority": {{number}} }"""));
        await using var sim = await Sim.StartAsync(Sandbox.Ecs.World.Parse($$"""
            {
              "accounts": [{ "name": "default", "accountId": "1", "accessKeyId": "key", "accessKeySecret": "secret" }],
              "regions": [{ "regionId": "r1", "securityGroups": [{ "securityGroupId": "sg-1", "rules": [{{rules}}] }] }]
            }
            """, "world.json"));
        var (read, token) = (new List<string>(), "");

        do
        {
            var page = (await ReadAsync(sim, "sg-1", ("MaxResults", "10"), ("NextToken", token))).Json;
            read.AddRange(RulesOf(page).Select(rule => Text(rule, "Priority")));
            token = Text(page, "NextToken");
        }
        while (token.Length > 0);

        Assert.Equal(Enumerable.Range(1, 25).Select(number => $"{number}"), read);
        Assert.Equal(25, RulesOf((await ReadAsync(sim, "sg-1")).Json).Count);
    }

    [Theory]
    [InlineData("SecurityGroupId", "sg-nowhere", 404, "InvalidSecurityGroupId.NotFound")]
    [InlineData("SecurityGroupId", "", 400, "MissingParameter")]
    [InlineData("Direction", "sideways", 400, "InvalidDirection.ValueNotSupported")]
    [InlineData("NextToken", "forged", 400, "InvalidParameter.NextToken")]
    [InlineData("RegionId", "", 400, "MissingParameter.RegionId")]
    [InlineData("RegionId", "r9", 404, "InvalidRegion.NotFound")]
    public async Task What_cannot_be_read_is_said_so(string name, string value, int status, string code)
    {
        await using var sim = await Sim.StartAsync(Hosts.World());
        Dictionary<string, string> parameters = new() { ["RegionId"] = "r1", ["SecurityGroupId"] = "sg-iso", [name] = value };

        var answer = await sim.SendAsync("DescribeSecurityGroupAttribute", [.. parameters.Select(parameter => (parameter.Key, parameter.Value))]);

        Assert.Equal((status, code), (answer.Status, answer.Code));
    }

    private static Task<Answer> ReadAsync(Sim sim, string group, params (string, string)[] more) =>
        sim.SendAsync("DescribeSecurityGroupAttribute", [Region, ("SecurityGroupId", group), .. more]);

    private static List<JsonElement> RulesOf(JsonElement group) => [.. group.GetProperty("Permissions").GetProperty("Permission").EnumerateArray()];

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;
}
