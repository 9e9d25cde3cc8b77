using Ungroup.Tests.Support;

namespace Ungroup.Tests.Ecs.Containment;

public sealed class StoppedWorkTests
{
    [Theory]
    [InlineData("JoinThenLeave")]
    [InlineData("Modify")]
    public async Task A_quota_of_one_look_a_minute_is_enough_for_a_host_with_several_interfaces(string by)
    {
        await using var bench = new ContainBench(("Accounts:default:ContainBy", by));
        bench.World.Host("i-1", "sg-a").Card("eni-2", "i-1", "sg-b").Card("eni-3", "i-1", "sg-c");
        var last = new Dictionary<string, DateTimeOffset>();
        bench.World.Instead = call =>
        {
            if (call.Action is "DescribeInstances" or "DescribeNetworkInterfaces"
                && last.TryGetValue(call.Action, out var at) && bench.Clock.GetUtcNow() - at < TimeSpan.FromMinutes(1))
            {
                return HostWorld.Error("Throttling.User");
            }

            last[call.Action] = bench.Clock.GetUtcNow();
            return null;
        };

        Assert.Equal("Contained", (await bench.ContainAsync("i-1")).GetProperty("status").GetString());
        Assert.Equal("Restored", (await bench.RestoreAsync()).GetProperty("status").GetString());

        Assert.Equal(["sg-c"], bench.World.Of("eni-3"));
    }

    [Fact]
    public async Task Reads_beside_a_containment_do_not_begin_once_its_lock_is_lost()
    {
        await using var bench = new ContainBench();
        using var lost = new CancellationTokenSource();
        bench.World.Host("i-1", "sg-a");
        bench.World.Before = call =>
        {
            if (call.Action == "DescribeSecurityGroupAttribute")
            {
                lost.Cancel();
            }
        };

        await bench.Worker.RunAsync(bench.Worker.Begin(
            Some.Delivery("""{"requestId":"con-1","action":"contain","instanceId":"i-1","regionId":"cn-hangzhou"}"""), lost.Token));

        Assert.DoesNotContain("DescribeInstanceRamRole", bench.World.Calls.Select(call => call.Action));
        Assert.Empty(bench.World.Changes);
    }
}
