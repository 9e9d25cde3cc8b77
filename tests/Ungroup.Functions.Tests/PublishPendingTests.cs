using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;
using Ungroup.Functions.Invocations;
using Ungroup.Functions.Queues;
using Ungroup.Functions.Tests.Support;
using Ungroup.Ledger;

namespace Ungroup.Functions.Tests;

public sealed class PublishPendingTests
{
    private const string Ended =
        """{"requestId":"r-1","instanceId":"i-bp1web1","securityGroupId":"sg-bp1web","regionId":"cn-hangzhou","expiresAt":"2026-01-01T00:00:00Z"}""";

    [Fact]
    public async Task What_the_bus_did_not_take_is_told_by_the_sweep()
    {
        await using var bench = new AppBench();
        bench.Bus.Refuses = (name, _) => name == "outcomes";
        await bench.RunAsync(bench.Make<RemoveFromSecurityGroup>().RunAsync(
            ServiceBusModelFactory.ServiceBusReceivedMessage(
                body: BinaryData.FromString(Ended), messageId: "m-1", contentType: "application/json", deliveryCount: 1, enqueuedTime: AppBench.Now),
            new RecordingMessageActions(bench.Calls),
            TestContext.Current.CancellationToken));
        Assert.Empty(bench.Bus.Sent);

        bench.Bus.Refuses = (_, _) => false;
        bench.Clock.Advance(TimeSpan.FromMinutes(1));
        await SweepAsync(bench);

        Assert.Equal("ungroup.removal.Expired.v1", Assert.Single(bench.Bus.Sent).ApplicationProperties["type"]);
    }

    [Fact]
    public async Task A_sweep_that_is_cut_short_by_the_end_of_the_process_is_no_failure()
    {
        await using var bench = new AppBench(new FailingLedger(() => new OperationCanceledException()));
        await bench.Drain.StopAsync(TestContext.Current.CancellationToken);

        await SweepAsync(bench);
    }

    [Fact]
    public async Task A_sweep_that_is_cut_short_by_its_host_is_no_failure()
    {
        await using var bench = new AppBench(new FailingLedger(() => new OperationCanceledException()));

        await SweepAsync(bench, new CancellationToken(canceled: true));
    }

    [Fact]
    public async Task A_sweep_that_nobody_has_cut_short_fails_where_its_ledger_does()
    {
        await using var hung = new AppBench(new FailingLedger(() => new OperationCanceledException("The ledger gave up.")));
        await using var away = new AppBench(new FailingLedger(() => new LedgerUnavailableException("The ledger is away.")));

        await Assert.ThrowsAsync<OperationCanceledException>(() => SweepAsync(hung));
        await Assert.ThrowsAsync<LedgerUnavailableException>(() => SweepAsync(away));
    }

    private static Task SweepAsync(AppBench bench, CancellationToken? host = null) => bench.RunAsync(
        bench.Make<PublishPending>().RunAsync(new TimerInfo(), host ?? TestContext.Current.CancellationToken));
}
