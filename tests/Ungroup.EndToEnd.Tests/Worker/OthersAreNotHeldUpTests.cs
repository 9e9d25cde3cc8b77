using System.Text;
using Azure.Messaging.ServiceBus;
using Ungroup.Messages;
using Ungroup.ServiceBus;

namespace Ungroup.EndToEnd.Tests.Worker;

/// <summary>Something is wrong with some requests, and the others end soon all the same: through the real worker.</summary>
public sealed class OthersAreNotHeldUpTests : IAsyncLifetime
{
    // Less than the first pause of a circuit, and than a slow call takes: who waits for either is not there by then.
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(14);

    private readonly Bench _bench = new()
    {
        Settings =
        {
            ["Accounts:other:Credentials"] = "Static",
            ["Accounts:other:AccessKeyId"] = "other-key",
            ["Accounts:other:AccessKeySecret"] = "other-secret",
        },
    };

    public async ValueTask InitializeAsync() => await _bench.StartBrokerAsync();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task Fault_32_A_hundred_requests_about_a_group_the_policy_leaves_out_delay_no_incident()
    {
        await _bench.StartEcsAsync(denials: """{"securityGroupId":"sg-left-out"}""");
        using var worker = await _bench.StartWorkerAsync();

        await _bench.SendAsync("removals", [.. Enumerable.Range(1, 100).Select(number => Request($"bad-{number}", $"i-{number}", "sg-left-out"))]);
        await _bench.SendAsync("removals", [.. Enumerable.Range(1, 10).Select(number => Request($"good-{number}", $"i-{number}", "sg-web", "incident"))]);

        await Bench.UntilAsync(() => Removed("good-") == 10, "the incidents ended", Soon);
        Assert.InRange(_bench.Calls.Snapshot().Count(call => call.Code == "Forbidden.RAM"), 1, 16);
        await worker.StopAsync(Terminal.Patience);
    }

    [Fact]
    public async Task Fault_32_A_region_that_does_not_know_the_key_delays_no_removal_in_another()
    {
        await _bench.StartEcsAsync(denials: """{"regionId":"cn-beijing","account":"default","code":"InvalidAccessKeyId.NotFound"}""");
        using var worker = await _bench.StartWorkerAsync();

        await _bench.SendAsync("removals", [.. Enumerable.Range(1, 30).Select(number => Request($"bad-{number}", $"i-{number}", "sg-web", region: "cn-beijing"))]);
        await _bench.SendAsync("removals", [.. Enumerable.Range(1, 10).Select(number => Request($"good-{number}", $"i-{number}", "sg-web"))]);

        await Bench.UntilAsync(() => Removed("good-") == 10, "the removals in the other region ended", Soon);
        await worker.StopAsync(Terminal.Patience);
    }

    [Fact]
    public async Task Fault_57_Sixty_four_slow_calls_of_one_account_delay_no_incident_of_another()
    {
        await _bench.StartEcsAsync("""{"on":"sg-web","action":"LeaveSecurityGroup","kind":"slow","times":64,"delayMs":15000}""");
        using var worker = await _bench.StartWorkerAsync();

        await _bench.SendAsync("removals", [.. Enumerable.Range(1, 64).Select(number => Request($"slow-{number}", $"i-{number}", "sg-web"))]);
        await _bench.SendAsync("removals", Request("other-1", "i-other", "sg-other", "incident", account: "other"));

        await Bench.UntilAsync(() => Removed("other-") == 1, "the incident of the other account ended", Soon);
        Assert.Equal(0, Removed("slow-"));
        await worker.StopAsync(Terminal.Patience);
    }

    private int Removed(string prefix) => _bench.Settled.Count(settled =>
        settled.Settlement is Settlement.Complete && settled.Delivery.MessageId.StartsWith(prefix, StringComparison.Ordinal));

    private static ServiceBusMessage Request(
        string id, string instance, string group, string origin = "upstream", string region = "cn-hangzhou", string account = "default") =>
        OutgoingMessage.Request(id, Encoding.UTF8.GetBytes(
            $$"""{"requestId":"{{id}}","account":"{{account}}","instanceId":"{{instance}}","securityGroupId":"{{group}}","regionId":"{{region}}","origin":"{{origin}}"}"""));
}
