using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Ungroup.Circuits;
using Ungroup.Ecs;
using Ungroup.Quotas;
using Ungroup.Quotas.Windows;
using Ungroup.Tests.Support;

namespace Ungroup.Tests.Quotas;

/// <summary>The cost of a message is counted in bytes taken, which unlike time are the same in every run.</summary>
public sealed class ManyRegionsTests
{
    private readonly FakeTimeProvider _clock = new(Some.Now);
    private readonly QuotaLimiters _quotas;
    private readonly CircuitRegistry _circuits;
    private readonly QueueBudget _queue;

    public ManyRegionsTests()
    {
        _quotas = SomeLimiters.New(_clock);
        _circuits = new(_clock, NullLogger<CircuitRegistry>.Instance);
        _queue = new ReceiveBudget(_quotas, Options.Create(new EcsOptions())).ForQueue(16, forIncidents: false);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_message_costs_the_same_however_many_regions_and_groups_were_named_before(bool areDenied)
    {
        Name(100, areDenied);
        var few = CostOf(20);

        Name(14_000, areDenied);
        var many = CostOf(20);

        Assert.True(many < 2 * few, $"A message takes {many:#,0} bytes after 14,000 regions, {few:#,0} after 100.");
    }

    [Fact]
    public void What_was_used_once_is_not_looked_at_any_more_once_it_is_long_ago()
    {
        Name(1, areDenied: false);
        var few = CostOf(20);
        Name(60, areDenied: false);
        _clock.Advance(TimeSpan.FromMinutes(3));
        _ = CostOf(1);

        Assert.InRange(CostOf(20), 0, 2 * few);
    }

    private long CostOf(int messages)
    {
        Handle(0, isDenied: false);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var message = 0; message < messages; message++)
        {
            Handle(0, isDenied: false);
        }

        return (GC.GetAllocatedBytesForCurrentThread() - before) / messages;
    }

    private void Name(int regions, bool areDenied)
    {
        for (var region = 1; region <= regions; region++)
        {
            Handle(region, areDenied);
        }
    }

    private void Handle(int region, bool isDenied)
    {
        _ = _queue.MayHold;
        var call = new CircuitCall("default", $"cn-{region}", "LeaveSecurityGroup", $"sg-{region}", "i-1");
        using var permit = _circuits.TryEnter(call, out _);
        using var quota = _quotas.TryTake(new(call.Account, call.RegionId, call.Action), out _);
        if (isDenied)
        {
            permit?.Refused(new(Evidence.Denied, "no", new(TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(30))));
        }
        else
        {
            permit?.Permitted();
        }
    }
}
