using Ungroup.Sandbox.Ecs;
using Ungroup.Sandbox.Tests.Ecs.Support;

namespace Ungroup.Sandbox.Tests.Ecs;

public sealed class PagingTests
{
    private static readonly string[] Ids = [.. Enumerable.Range(1, 25).Select(number => $"i-{number:00}")];

    [Fact]
    public async Task Tokens_lead_through_every_item_once()
    {
        await using var sim = await Sim.StartAsync(TwentyFiveInstances());

        var seen = new List<string>();
        var sizes = new List<int>();
        for (var token = ""; ;)
        {
            var answer = await sim.SendAsync("DescribeInstances", ("RegionId", "r1"), ("MaxResults", "10"), ("NextToken", token));
            var page = DescribeTests.Ids(answer, "Instances", "Instance", "InstanceId").ToList();
            seen.AddRange(page);
            sizes.Add(page.Count);
            token = answer.Json.GetProperty("NextToken").GetString()!;
            if (token.Length == 0)
            {
                break;
            }
        }

        Assert.Equal(Ids, seen);
        Assert.Equal([10, 10, 5], sizes);
    }

    [Fact]
    public async Task Pages_are_numbered_from_one()
    {
        await using var sim = await Sim.StartAsync(TwentyFiveInstances());

        var second = await sim.SendAsync("DescribeInstances", ("RegionId", "r1"), ("PageNumber", "2"), ("PageSize", "20"));
        var first = await sim.SendAsync("DescribeInstances", ("RegionId", "r1"));

        Assert.Equal(Ids[20..], DescribeTests.Ids(second, "Instances", "Instance", "InstanceId"));
        Assert.Equal((25, 2, 20), (Number(second, "TotalCount"), Number(second, "PageNumber"), Number(second, "PageSize")));
        Assert.Equal((1, 10), (Number(first, "PageNumber"), Number(first, "PageSize")));
    }

    [Fact]
    public async Task Sizes_out_of_range_are_brought_into_it()
    {
        await using var sim = await Sim.StartAsync(TwentyFiveInstances());

        var small = await sim.SendAsync("DescribeInstances", ("RegionId", "r1"), ("MaxResults", "1"));
        var large = await sim.SendAsync("DescribeInstances", ("RegionId", "r1"), ("MaxResults", "1000"));

        Assert.Equal(10, DescribeTests.Ids(small, "Instances", "Instance", "InstanceId").Count());
        Assert.Equal(25, DescribeTests.Ids(large, "Instances", "Instance", "InstanceId").Count());
    }

    [Fact]
    public async Task A_token_goes_on_behind_the_last_row_whatever_has_left_meanwhile()
    {
        await using var sim = await Sim.StartAsync(TwentyFiveInstances());
        var first = await sim.SendAsync("DescribeInstances", [.. List("sg-1")]);
        await sim.PostAsync("/_sim/changes", """{ "kind": "set", "resource": "i-05", "securityGroupIds": ["sg-2"] }""");
        await sim.PostAsync("/_sim/changes", """{ "kind": "delete", "resource": "i-10" }""");

        var second = await sim.SendAsync("DescribeInstances", [.. List("sg-1"), ("NextToken", Token(first))]);
        var numbered = await sim.SendAsync("DescribeInstances", ("RegionId", "r1"), ("SecurityGroupId", "sg-1"), ("PageNumber", "2"));

        Assert.Equal(Ids[10..20], DescribeTests.Ids(second, "Instances", "Instance", "InstanceId"));
        Assert.Equal(Ids[12..22], DescribeTests.Ids(numbered, "Instances", "Instance", "InstanceId"));
        Assert.Equal(23, Number(second, "TotalCount"));
    }

    [Theory]
    [InlineData("DescribeInstances", "r1", "sg-2")]
    [InlineData("DescribeInstances", "r2", "sg-1")]
    [InlineData("DescribeNetworkInterfaces", "r1", "sg-1")]
    public async Task A_token_of_another_list_is_refused(string action, string region, string group)
    {
        await using var sim = await Sim.StartAsync(TwentyFiveInstances());
        var first = await sim.SendAsync("DescribeInstances", [.. List("sg-1")]);

        var answer = await sim.SendAsync(action, ("RegionId", region), ("SecurityGroupId", group), ("MaxResults", "10"), ("NextToken", Token(first)));

        Assert.Equal((400, "InvalidParameter.NextToken"), (answer.Status, answer.Code));
    }

    [Theory]
    [InlineData("x")]
    [InlineData("YWZ0ZXI6MTA")]
    [InlineData("|1|i-1")]
    public async Task What_is_no_token_is_refused(string token)
    {
        await using var sim = await Sim.StartAsync(TwentyFiveInstances());

        var answer = await sim.SendAsync("DescribeInstances", [.. List("sg-1"), ("NextToken", token)]);

        Assert.Equal((400, "InvalidParameter.NextToken"), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task A_token_is_good_for_an_hour_and_another_page_may_have_another_length()
    {
        await using var sim = await Sim.StartAsync(TwentyFiveInstances());
        var first = await sim.SendAsync("DescribeInstances", [.. List("sg-1")]);
        sim.Clock.Advance(TimeSpan.FromMinutes(59));

        var longer = await sim.SendAsync("DescribeInstances", ("RegionId", "r1"), ("SecurityGroupId", "sg-1"), ("MaxResults", "100"), ("NextToken", Token(first)));
        sim.Clock.Advance(TimeSpan.FromMinutes(1));
        var late = await sim.SendAsync("DescribeInstances", [.. List("sg-1"), ("NextToken", Token(first))]);

        Assert.Equal((15, ""), (DescribeTests.Ids(longer, "Instances", "Instance", "InstanceId").Count(), Token(longer)));
        Assert.Equal("InvalidParameter.NextToken", late.Code);
    }

    private static (string, string)[] List(string group) => [("RegionId", "r1"), ("SecurityGroupId", group), ("MaxResults", "10")];

    private static string Token(Answer answer) => answer.Json.GetProperty("NextToken").GetString()!;

    private static int Number(Answer answer, string name) => answer.Json.GetProperty(name).GetInt32();

    private static World TwentyFiveInstances() => World.Parse($$"""
        {
          "accounts": [{ "name": "default", "accountId": "1", "accessKeyId": "key", "accessKeySecret": "secret" }],
          "regions": [{
            "regionId": "r1",
            "securityGroups": [{ "securityGroupId": "sg-1" }, { "securityGroupId": "sg-2" }],
            "instances": [{{string.Join(",", Ids.Select(id => $$"""{ "instanceId": "{{id}}", "securityGroupIds": ["sg-1"] }"""))}}]
          }, { "regionId": "r2" }]
        }
        """, "world.json");
}
