using System.Net;
using Azure.Messaging.ServiceBus;
using Azure.Messaging.ServiceBus.Administration;
using Ungroup.Sandbox.Broker;

namespace Ungroup.Sandbox.Tests.Broker.DotNet;

/// <summary>One connection string for both clients: AMQP and HTTP come to the same port.</summary>
public sealed class AdministrationTests : IAsyncLifetime
{
    private OfficialBus _bus = null!;
    private ServiceBusAdministrationClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _bus = await OfficialBus.StartAsync(new BrokerOptions
        {
            Port = 0,
            Queues =
            [
                new()
                {
                    Name = OfficialBus.Queue,
                    LockDuration = TimeSpan.FromSeconds(20),
                    MaxDeliveryCount = 4,
                    DefaultTimeToLive = TimeSpan.FromDays(14),
                    DeadLetterOnExpiry = true,
                },
                .. Enumerable.Range(0, 120).Select(i => new QueueOptions { Name = $"q-{i}" }),
            ],
            Topics =
            [
                new()
                {
                    Name = "told",
                    DefaultTimeToLive = TimeSpan.FromDays(7),
                    DuplicateDetectionWindow = TimeSpan.FromMinutes(10),
                    Subscriptions =
                    [
                        new() { Name = "all", MaxDeliveryCount = 5 },
                        new() { Name = "failures", Filter = "status IN ('Failed', 'Refused')", RuleName = "not-done" },
                    ],
                },
            ],
        });
        _client = new(_bus.Broker.ConnectionString);
    }

    public ValueTask DisposeAsync() => _bus.DisposeAsync();

    [Fact]
    public async Task A_queue_is_shown_as_it_was_set()
    {
        QueueProperties queue = await _client.GetQueueAsync("ORDERS", OfficialBus.Stop);

        Assert.Equal(
            (OfficialBus.Queue, TimeSpan.FromSeconds(20), 4, TimeSpan.FromDays(14), true, false, false, EntityStatus.Active),
            (queue.Name, queue.LockDuration, queue.MaxDeliveryCount, queue.DefaultMessageTimeToLive, queue.DeadLetteringOnMessageExpiration,
                queue.RequiresDuplicateDetection, queue.RequiresSession, queue.Status));
        Assert.Equal(TimeSpan.MaxValue, (await _client.GetQueueAsync("q-0", OfficialBus.Stop)).Value.DefaultMessageTimeToLive);
    }

    [Fact]
    public async Task A_queue_says_how_many_messages_it_holds()
    {
        await _bus.SendAsync("dead");
        await _bus.Receiver.DeadLetterMessageAsync(await _bus.NextAsync(), cancellationToken: OfficialBus.Stop);
        await _bus.SendAsync("locked");
        await _bus.NextAsync();
        await _bus.SendAsync("active");
        await _bus.Sender.ScheduleMessageAsync(new("later"), DateTimeOffset.MaxValue.AddYears(-1), OfficialBus.Stop);

        QueueRuntimeProperties counts = await _client.GetQueueRuntimePropertiesAsync(OfficialBus.Queue, OfficialBus.Stop);

        Assert.Equal((2, 1, 1, 4), (counts.ActiveMessageCount, counts.DeadLetterMessageCount, counts.ScheduledMessageCount, counts.TotalMessageCount));
    }

    [Fact]
    public async Task Lists_come_whole_page_after_page()
    {
        var queues = await _client.GetQueuesAsync(OfficialBus.Stop).ToListAsync(OfficialBus.Stop);
        var counted = await _client.GetQueuesRuntimePropertiesAsync(OfficialBus.Stop).ToListAsync(OfficialBus.Stop);

        Assert.Equal(121, queues.Select(queue => queue.Name).Distinct().Count());
        Assert.Equal(121, counted.Count);
        Assert.Equal(["told"], (await _client.GetTopicsAsync(OfficialBus.Stop).ToListAsync(OfficialBus.Stop)).Select(topic => topic.Name));
        Assert.Equal(["all", "failures"], (await _client.GetSubscriptionsAsync("told", OfficialBus.Stop).ToListAsync(OfficialBus.Stop)).Select(s => s.SubscriptionName));
    }

    [Fact]
    public async Task A_topic_and_its_subscriptions_are_shown_with_their_counts()
    {
        await _bus.Client.CreateSender("told").SendMessageAsync(new("a") { ApplicationProperties = { ["status"] = "Failed" } }, OfficialBus.Stop);

        TopicProperties topic = await _client.GetTopicAsync("told", OfficialBus.Stop);
        TopicRuntimeProperties counts = await _client.GetTopicRuntimePropertiesAsync("told", OfficialBus.Stop);
        SubscriptionProperties all = await _client.GetSubscriptionAsync("told", "all", OfficialBus.Stop);
        SubscriptionRuntimeProperties failures = await _client.GetSubscriptionRuntimePropertiesAsync("told", "failures", OfficialBus.Stop);

        Assert.Equal((true, TimeSpan.FromMinutes(10), TimeSpan.FromDays(7)), (topic.RequiresDuplicateDetection, topic.DuplicateDetectionHistoryTimeWindow, topic.DefaultMessageTimeToLive));
        Assert.Equal((2, 0L), (counts.SubscriptionCount, counts.ScheduledMessageCount));
        Assert.Equal(("told", "all", 5), (all.TopicName, all.SubscriptionName, all.MaxDeliveryCount));
        Assert.Equal((1, 0, 1), (failures.ActiveMessageCount, failures.DeadLetterMessageCount, failures.TotalMessageCount));
        Assert.Equal(2, (await _client.GetSubscriptionsRuntimePropertiesAsync("told", OfficialBus.Stop).ToListAsync(OfficialBus.Stop)).Count);
    }

    [Fact]
    public async Task The_rules_of_a_subscription_are_its_filter()
    {
        var rule = Assert.Single(await _client.GetRulesAsync("told", "failures", OfficialBus.Stop).ToListAsync(OfficialBus.Stop));
        RuleProperties named = await _client.GetRuleAsync("told", "failures", "not-done", OfficialBus.Stop);
        var everything = Assert.Single(await _client.GetRulesAsync("told", "all", OfficialBus.Stop).ToListAsync(OfficialBus.Stop));

        Assert.Equal(("not-done", "status IN ('Failed', 'Refused')"), (rule.Name, Assert.IsType<SqlRuleFilter>(rule.Filter).SqlExpression));
        Assert.Equal(rule, named);
        Assert.Equal("$Default", everything.Name);
        Assert.IsType<TrueRuleFilter>(everything.Filter);
    }

    [Fact]
    public async Task What_is_not_there_is_not_found()
    {
        Assert.False((await _client.QueueExistsAsync("none", OfficialBus.Stop)).Value);
        Assert.False((await _client.QueueExistsAsync("told", OfficialBus.Stop)).Value);
        Assert.True((await _client.TopicExistsAsync("told", OfficialBus.Stop)).Value);
        Assert.False((await _client.SubscriptionExistsAsync("told", "none", OfficialBus.Stop)).Value);
        Assert.False((await _client.RuleExistsAsync("told", "all", "none", OfficialBus.Stop)).Value);
        var missing = await Assert.ThrowsAsync<ServiceBusException>(() => _client.GetQueueAsync("none", OfficialBus.Stop));
        Assert.Equal(ServiceBusFailureReason.MessagingEntityNotFound, missing.Reason);
    }

    [Fact]
    public async Task The_namespace_says_what_it_is()
    {
        NamespaceProperties properties = await _client.GetNamespacePropertiesAsync(OfficialBus.Stop);

        Assert.Equal(("127.0.0.1", MessagingSku.Standard), (properties.Name, properties.MessagingSku));
    }

    [Fact]
    public async Task Nothing_is_made_changed_or_deleted_and_a_sentence_says_so()
    {
        var made = await Assert.ThrowsAsync<ServiceBusException>(() => _client.CreateQueueAsync("new", OfficialBus.Stop));
        var deleted = await Assert.ThrowsAsync<ServiceBusException>(() => _client.DeleteQueueAsync(OfficialBus.Queue, OfficialBus.Stop));

        Assert.Contains("changes none: PUT is not served, only GET.", made.Message, StringComparison.Ordinal);
        Assert.Contains("changes none: DELETE is not served, only GET.", deleted.Message, StringComparison.Ordinal);
        Assert.True((await _client.QueueExistsAsync(OfficialBus.Queue, OfficialBus.Stop)).Value);
    }

    [Fact]
    public async Task Without_the_key_nothing_is_shown()
    {
        var properties = ServiceBusConnectionStringProperties.Parse(_bus.Broker.ConnectionString);
        var stranger = new ServiceBusAdministrationClient(_bus.Broker.ConnectionString.Replace(properties.SharedAccessKey, "d3Jvbmc=", StringComparison.Ordinal));
        using var http = new HttpClient();

        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => stranger.GetQueueAsync(OfficialBus.Queue, OfficialBus.Stop));
        using var bare = await http.GetAsync($"http://127.0.0.1:{_bus.Broker.Port}/{OfficialBus.Queue}", OfficialBus.Stop);

        Assert.Equal(HttpStatusCode.Unauthorized, bare.StatusCode);
        Assert.Contains("SharedAccessSignature sr=", await bare.Content.ReadAsStringAsync(OfficialBus.Stop), StringComparison.Ordinal);
    }
}
