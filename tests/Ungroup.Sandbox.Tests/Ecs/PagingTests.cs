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

    private static int Number(Answer answer, string name) => answer.Json.GetProperty(name).GetInt32();

    private static World TwentyFiveInstances() => World.Parse($$"""
        {
          "accounts": [{ "name": "default", "accountId": "1", "accessKeyId": "key", "accessKeySecret": "secret" }],
          "regions": [{
            "regionId": "r1",
            "securityGroups": [{ "securityGroupId": "sg-1" }],
            "instances": [{{string.Join(",", Ids.Select(id => $$"""{ "instanceId": "{{id}}", "securityGroupIds": ["sg-1"] }"""))}}]
          }]
        }
        """, "world.json");
}
