using Microsoft.Extensions.DependencyInjection;
using Ungroup.Ledger;
using Ungroup.Messages;
using Ungroup.Pace;

namespace Ungroup.EndToEnd.Tests.Worker;

public sealed class PacedWorkerTests
{
    private const int Requests = 50;

    // Refills by the second, or all at once every ten: tight either way, for fifty requests.
    [Theory]
    [InlineData("""{"action":"LeaveSecurityGroup","calls":5,"perSeconds":1,"burst":5}""")]
    [InlineData("""{"action":"LeaveSecurityGroup","calls":30,"perSeconds":10}""")]
    public async Task A_tight_quota_is_kept_and_nobody_waits_with_a_lock_in_hand(string quota)
    {
        await using var bench = new Bench { LockDuration = TimeSpan.FromSeconds(20) };
        await bench.StartBrokerAsync();
        await bench.StartEcsAsync(quotas: quota);
        using var worker = await bench.StartWorkerAsync();
        await bench.SendAsync("removals", [.. Enumerable.Range(1, Requests).Select(number => Bench.Request(number))]);

        await Bench.UntilAsync(
            () => bench.Settled.Count(settled => settled.Settlement is Settlement.Complete) == Requests, "every request ended", TimeSpan.FromMinutes(5));

        Assert.All(bench.Settled, settled => Assert.Equal(1, settled.Delivery.DeliveryCount));
        Assert.All(Enumerable.Range(1, Requests), number => Assert.Equal(1, bench.World.EffectiveLeaves($"i-{number}", "sg-web")));
        Assert.InRange(bench.LongestHeld, TimeSpan.Zero, bench.LockDuration);
        var refused = worker.Services.GetRequiredService<Governors>().All.Sum(governor => governor.RefusedCalls);
        Assert.Equal(bench.World.QuotaUse.Sum(use => use.Refused), refused);

        // And it has told the fleet of it, which is where an operator reads it.
        var learned = await LearnedQuotas.DescribeAsync(worker.Services.GetRequiredService<ILedgerStore>(), reserve: 0.2, Terminal.Patience);
        Assert.StartsWith("default/cn-hangzhou/LeaveSecurityGroup: ", Assert.Single(learned), StringComparison.Ordinal);
        await worker.StopAsync(Terminal.Patience);
    }
}
