using System.Collections.Concurrent;
using Azure.Messaging.ServiceBus;
using Azure.Messaging.ServiceBus.Administration;
using Ungroup.EndToEnd.Tests.Crash;

namespace Ungroup.EndToEnd.Tests.Interop;

/// <summary><c>ungroup sandbox</c> and its broker, as the official .NET client sees them from another process.</summary>
public sealed class DotNetClientTests : IDisposable
{
    private const int EachSends = 300;
    private const int Senders = 4;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ungroup-dotnet-client-");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_broker_killed_twice_has_lost_nothing_that_it_acknowledged()
    {
        await using var broker = new BrokerProcess(_folder);
        await broker.StartAsync(Stop);
        await using var client = new ServiceBusClient(
            broker.ConnectionString, new ServiceBusClientOptions { RetryOptions = { MaxRetries = 50, Delay = TimeSpan.FromMilliseconds(100), MaxDelay = TimeSpan.FromSeconds(1) } });
        var (acknowledged, received) = (new ConcurrentDictionary<string, bool>(), new ConcurrentDictionary<string, bool>());
        await using var processor = client.CreateProcessor("removals", new ServiceBusProcessorOptions { MaxConcurrentCalls = 16, PrefetchCount = 50 });
        processor.ProcessErrorAsync += static _ => Task.CompletedTask; // a broker that is away, which is the point
        processor.ProcessMessageAsync += async args =>
        {
            received[args.Message.MessageId] = true;
            await args.CompleteMessageAsync(args.Message, Stop);
        };
        await processor.StartProcessingAsync(Stop);

        var sending = Task.WhenAll(Enumerable.Range(0, Senders).Select(sender => SendAsync(client, sender, acknowledged)));
        foreach (var count in (int[])[EachSends, 3 * EachSends])
        {
            await UntilAsync(() => acknowledged.Count >= count || sending.IsCompleted, $"{count} were acknowledged");
            await broker.KillAsync(Stop);
            await broker.StartAsync(Stop);
        }

        await sending;
        await UntilAsync(() => received.Count == Senders * EachSends, "everything was received");
        await processor.StopProcessingAsync(Stop);

        Assert.Equal(Senders * EachSends, acknowledged.Count);
        Assert.Empty(acknowledged.Keys.Except(received.Keys));
    }

    [Fact]
    public async Task Its_settings_are_those_of_the_command_line_and_can_be_read()
    {
        await using var broker = CliProcess.Start(
        [
            "sandbox", "--no-worker", "--no-ecs", "--port", "0", "--lock-seconds", "7", "--max-deliveries", "2", "--ttl-seconds", "3600", "--dead-letter-expired",
        ]);
        var client = new ServiceBusAdministrationClient(await broker.LineAsync("bus ", Stop));

        QueueProperties queue = await client.GetQueueAsync("removals", Stop);
        SubscriptionProperties all = await client.GetSubscriptionAsync("outcomes", "all", Stop);

        Assert.Equal(
            (TimeSpan.FromSeconds(7), 2, TimeSpan.FromHours(1), true),
            (queue.LockDuration, queue.MaxDeliveryCount, queue.DefaultMessageTimeToLive, queue.DeadLetteringOnMessageExpiration));
        Assert.Equal((TimeSpan.FromSeconds(7), 2, false), (all.LockDuration, all.MaxDeliveryCount, all.DeadLetteringOnMessageExpiration));
    }

    [Fact]
    public async Task Its_topic_has_the_subscriptions_filter_and_window_that_infra_deploys()
    {
        var bicep = await File.ReadAllTextAsync(Path.Combine(JavaScript.Folder, "..", "..", "..", "infra", "service-bus.bicep"), Stop);
        await using var cloud = await RunningCloud.StartAsync(Ungroup.Sandbox.Ecs.World.Sample);
        var client = new ServiceBusAdministrationClient(cloud.Broker.ConnectionString);

        TopicProperties topic = await client.GetTopicAsync("outcomes", Stop);
        RuleProperties rule = await client.GetRuleAsync("outcomes", "failures", "$Default", Stop);
        var everything = await client.GetRuleAsync("outcomes", "all", "$Default", Stop);

        var expression = Assert.IsType<SqlRuleFilter>(rule.Filter).SqlExpression;
        Assert.Contains($"sqlExpression: '{expression.Replace("'", "\\'", StringComparison.Ordinal)}'", bicep, StringComparison.Ordinal);
        Assert.Contains($"var duplicateDetectionWindow = 'PT{topic.DuplicateDetectionHistoryTimeWindow.TotalMinutes}M'", bicep, StringComparison.Ordinal);
        Assert.Contains($"param outcomeTimeToLive string = 'P{topic.DefaultMessageTimeToLive.TotalDays}D'", bicep, StringComparison.Ordinal);
        Assert.IsType<TrueRuleFilter>(everything.Value.Filter);
    }

    private static async Task SendAsync(ServiceBusClient client, int sender, ConcurrentDictionary<string, bool> acknowledged)
    {
        await using var link = client.CreateSender("removals");
        for (var i = 0; i < EachSends; i++)
        {
            await link.SendMessageAsync(new("{}") { MessageId = $"{sender}-{i}" }, Stop);
            acknowledged[$"{sender}-{i}"] = true;
        }
    }

    private static async Task UntilAsync(Func<bool> fact, string what)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2), TimeProvider.System);
        while (!fact())
        {
            Assert.False(patience.IsCancellationRequested, $"It never came that {what}.");
            await timer.WaitForNextTickAsync(Stop);
        }
    }
}
