using Ungroup.Tests.Support;

namespace Ungroup.Tests.Ecs.Containment;

public sealed class StoppedWorkTests
{
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
