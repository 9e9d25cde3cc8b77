using System.Text.Json.Nodes;
using Ungroup.Sandbox.Ecs;
using Ungroup.Sandbox.Tests.Ecs.Support;

namespace Ungroup.Sandbox.Tests.Ecs;

/// <summary>Worlds that are larger than anybody would write down.</summary>
public sealed class ManyTests
{
    [Fact]
    public void One_line_is_many_resources()
    {
        var world = World("""{ "many": 3, "instanceId": "i-{08}", "securityGroupIds": ["sg-1", "sg-2"] }, { "instanceId": "i-last", "securityGroupIds": ["sg-1"] }""");

        Assert.Equal(["i-08", "i-09", "i-10", "i-last"], Ids(world));
        Assert.Equal(["sg-1", "sg-2"], world.GroupsOf("i-10"));
        Assert.Equal(["sg-1", "sg-2"], world.GroupsOf("eni-primary-10"));
    }

    [Fact]
    public async Task The_number_stands_in_every_text()
    {
        await using var sim = await Sim.StartAsync(World(
            """{ "many": 12, "instanceId": "i-{1}", "instanceName": "rack {101}, slot {1}, {}", "securityGroupIds": ["sg-1"], "tags": { "rack": "{101}" } }""",
            """{ "many": 12, "networkInterfaceId": "eni-{1}", "instanceId": "i-{1}", "securityGroupIds": ["sg-2"], "tags": { "of": "i-{1}" } }"""));

        var instance = (await sim.SendAsync("DescribeInstances", ("RegionId", "r1"), ("InstanceIds", """["i-12"]"""))).Body;
        var card = (await sim.SendAsync("DescribeNetworkInterfaces", ("RegionId", "r1"), ("NetworkInterfaceId.1", "eni-12"))).Body;

        Assert.Contains("\"InstanceName\":\"rack 112, slot 12, {}\"", instance, StringComparison.Ordinal);
        Assert.Contains("""{"TagKey":"rack","TagValue":"112"}""", instance, StringComparison.Ordinal);
        Assert.Contains("\"NetworkInterfaceId\":\"eni-12\"", instance, StringComparison.Ordinal);
        Assert.Contains("""{"TagKey":"of","TagValue":"i-12"}""", card, StringComparison.Ordinal);
    }

    [Fact]
    public void Braces_are_braces_where_there_is_but_one() =>
        Assert.Equal(["i-1"], Ids(World("""{ "instanceId": "i-1", "instanceName": "{1}", "securityGroupIds": ["sg-1"], "tags": { "{1}": "{1}" } }""")));

    [Theory]
    [InlineData("""{ "many": 0, "instanceId": "i-{1}", "securityGroupIds": ["sg-1"] }""", "`many` of an instance was `0`; expected a whole number from 1 to 2147483647.")]
    [InlineData("""{ "many": "5", "instanceId": "i-{1}", "securityGroupIds": ["sg-1"] }""", "`many` of an instance was `5`; expected a whole number from 1")]
    [InlineData("""{ "many": 50001, "instanceId": "i-{1}", "securityGroupIds": ["sg-1"] }""", "`many` of an instance was 50001; expected 1 to 50000.")]
    [InlineData("""{ "many": 2, "instanceId": "i-dev", "securityGroupIds": ["sg-1"] }""", "`instanceId` of an instance was `i-dev`; with `many` it has the number of the first in braces, such as i-dev-{0001}.")]
    [InlineData("""{ "many": 2, "instanceId": "i-{x}", "securityGroupIds": ["sg-1"] }""", "`instanceId` of an instance was `i-{x}`; with `many` it has the number of the first in braces")]
    [InlineData("""{ "many": 2, "securityGroupIds": ["sg-1"] }""", "an instance needs `instanceId`.")]
    [InlineData("""{ "many": 2, "instanceId": "i-{1}-{x}", "securityGroupIds": ["sg-1"] }""", "`instanceId` was `i-1-{x}`; expected i-… with a-z, 0-9 and - after the prefix.")]
    [InlineData("""{ "many": 2, "instanceId": "i-{1}" }""", "instance i-1 needs `securityGroupIds`.")]
    [InlineData("""{ "many": 2, "instanceId": "i-{1}", "securityGroupIds": ["sg-{1}", "sg-{3}"] }""", "instance i-1 is in sg-3, but region r1 has no such group.")]
    [InlineData("""{ "many": 2, "instanceId": "i-{1}", "securityGroupIds": ["sg-1"], "tag": {} }""", "instance i-1 has no member `tag`; it may have many, instanceId,")]
    [InlineData("""{ "instanceId": "i-2", "securityGroupIds": ["sg-1"] }, { "many": 3, "instanceId": "i-{1}", "securityGroupIds": ["sg-1"] }""", "i-2 is in this world twice.")]
    [InlineData("""{ "many": 3, "instanceId": "i-{1}", "securityGroupIds": ["sg-1"] }, { "many": 3, "instanceId": "i-{3}", "securityGroupIds": ["sg-1"] }""", "i-3 is in this world twice.")]
    [InlineData("""{ "instanceId": "i-{1}", "securityGroupIds": ["sg-1"] }""", "`instanceId` was `i-{1}`; expected i-… with a-z, 0-9 and - after the prefix.")]
    public void What_cannot_be_is_refused(string instances, string sentence) =>
        Assert.StartsWith($"w(5): {sentence}", Assert.Throws<WorldFileException>(() => World(instances)).Message, StringComparison.Ordinal);

    [Fact]
    public async Task Ten_thousand_and_their_interfaces_are_listed_once_each_by_tokens()
    {
        await using var sim = await Sim.StartAsync(World(
            """{ "many": 10000, "instanceId": "i-{00001}", "securityGroupIds": ["sg-1", "sg-2"] }""",
            """{ "many": 10000, "networkInterfaceId": "eni-{00001}", "instanceId": "i-{00001}", "securityGroupIds": ["sg-1"] }"""));

        var instances = await ListAsync(sim, "DescribeInstances", "100", "InstanceId");
        var interfaces = await ListAsync(sim, "DescribeNetworkInterfaces", "500", "NetworkInterfaceId");

        Assert.Equal(Enumerable.Range(1, 10_000).Select(number => $"i-{number:D5}"), instances);
        Assert.Equal(Enumerable.Range(1, 10_000).Select(number => $"eni-{number:D5}"), interfaces);
    }

    private static async Task<List<string>> ListAsync(Sim sim, string action, string size, string id)
    {
        List<string> all = [];
        var token = "";
        do
        {
            var answer = JsonNode.Parse((await sim.SendAsync(action, ("RegionId", "r1"), ("SecurityGroupId", "sg-1"), ("MaxResults", size), ("NextToken", token))).Body)!;
            var list = answer["Instances"]?["Instance"] ?? answer["NetworkInterfaceSets"]!["NetworkInterfaceSet"]!;
            all.AddRange(list.AsArray().Select(one => (string)one![id]!));
            Assert.Equal(10_000, (int)answer["TotalCount"]!);
            token = (string)answer["NextToken"]!;
        }
        while (token.Length > 0);

        return all;
    }

    private static IEnumerable<string> Ids(World world) => world.Regions.SelectMany(region => region.Instances).Select(instance => instance.Id);

    private static World World(string instances, string interfaces = "") => Sandbox.Ecs.World.Parse($$"""
        {
          "accounts": [{ "name": "default", "accountId": "1", "accessKeyId": "key", "accessKeySecret": "secret" }],
          "regions": [{
            "regionId": "r1", "securityGroups": [{ "securityGroupId": "sg-1" }, { "securityGroupId": "sg-2" }],
            "instances": [{{instances}}], "networkInterfaces": [{{interfaces}}]
          }]
        }
        """, "w");
}
