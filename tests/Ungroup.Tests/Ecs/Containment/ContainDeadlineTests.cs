using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Ungroup.Ledger;
using Ungroup.Ledger.Memory;
using Ungroup.Messages;
using Ungroup.Tests.Support;

namespace Ungroup.Tests.Ecs.Containment;

public sealed class ContainDeadlineTests
{
    [Fact]
    public async Task What_would_begin_while_its_deadline_passes_is_not_begun()
    {
        var clock = new FakeTimeProvider(Some.Now);
        var world = new HostWorld().Group("sg-iso").Host("i-1", "sg-a");
        var store = new UnreliableStore(new MemoryLedgerStore(clock))
        {
            Before = record =>
            {
                clock.Advance(record.State == LedgerState.Called ? TimeSpan.FromSeconds(12) : TimeSpan.Zero);
                return Task.CompletedTask;
            },
        };
        await using var worker = new HandlerBench(clock, store, environment: null, world, ("Accounts:default:IsolationGroups:0", "sg-iso"));
        var expires = Some.Now.AddSeconds(10).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);

        var settled = await worker.HandleAsync(Some.Delivery(
            $$"""{"requestId":"con-1","action":"contain","instanceId":"i-1","regionId":"cn-hangzhou","expiresAt":"{{expires}}"}"""));

        var outcome = JsonElement.Parse(Assert.IsType<Settlement.Complete>(settled).Outcome!.Json.Span).GetProperty("data");
        Assert.Equal("Expired", outcome.GetProperty("status").GetString());
        Assert.Empty(world.Changes);
    }

    [Fact]
    public async Task What_the_state_of_the_host_has_kept_from_any_change_ends_at_its_deadline()
    {
        await using var bench = new ContainBench();
        bench.World.Host("i-1", "sg-a");
        bench.World.Instead = call => call.Action == "JoinSecurityGroup" ? HostWorld.Error("IncorrectInstanceStatus") : null;

        var outcome = await bench.ContainAsync("i-1", more: ""","expiresAt":"2026-01-02T03:05:00Z" """);

        Assert.Equal(("Failed", "IncorrectInstanceStatus"), (outcome.GetProperty("status").GetString(), outcome.GetProperty("code").GetString()));
        Assert.Contains("The deadline 2026-01-02T03:05:00Z has passed", outcome.GetProperty("sentence").GetString(), StringComparison.Ordinal);
        Assert.True(bench.Clock.GetUtcNow() - Some.Now < TimeSpan.FromMinutes(3));
    }
}
