using Azure.Messaging.ServiceBus;
using Ungroup.Sandbox.Broker;

namespace Ungroup.Sandbox.Tests.Broker.DotNet;

public sealed class SubscriptionTests : IAsyncLifetime
{
    private OfficialBus _bus = null!;
    private ServiceBusSender _topic = null!;

    public async ValueTask InitializeAsync()
    {
        _bus = await OfficialBus.StartAsync(new BrokerOptions
        {
            Port = 0,
            Topics =
            [
                new()
                {
                    Name = "told",
                    DuplicateDetectionWindow = TimeSpan.FromMinutes(10),
                    Subscriptions = [new() { Name = "all" }, new() { Name = "failures", Filter = "status IN ('Failed')" }],
                },
            ],
        });
        _topic = _bus.Client.CreateSender("told");
    }

    public ValueTask DisposeAsync() => _bus.DisposeAsync();

    [Fact]
    public async Task A_batch_reaches_the_subscriptions_once_for_each_id()
    {
        await _topic.SendMessagesAsync([Told("a", "Removed"), Told("b", "Failed"), Told("a", "Removed")], OfficialBus.Stop);
        await _topic.SendMessageAsync(Told("b", "Failed"), OfficialBus.Stop);

        Assert.Equal(["a", "b"], await IdsAsync(_bus.Client.CreateReceiver("told", "all")));
        Assert.Equal(["b"], await IdsAsync(_bus.Client.CreateReceiver("told", "failures")));
    }

    [Fact]
    public async Task A_subscription_has_locks_and_dead_letters_of_its_own()
    {
        await _topic.SendMessageAsync(Told("a", "Failed"), OfficialBus.Stop);
        var failures = _bus.Client.CreateReceiver("told", "failures");
        var message = await _bus.NextAsync(failures);
        await failures.RenewMessageLockAsync(message, OfficialBus.Stop);
        await failures.DeadLetterMessageAsync(message, "Bad", "no group", OfficialBus.Stop);

        var dead = await _bus.NextAsync(_bus.Client.CreateReceiver("told", "failures", new() { SubQueue = SubQueue.DeadLetter }));

        Assert.Equal(("a", "Bad"), (dead.MessageId, dead.DeadLetterReason));
        Assert.Equal(["a"], await IdsAsync(_bus.Client.CreateReceiver("told", "all")));
    }

    [Fact]
    public async Task What_is_scheduled_on_a_topic_can_be_cancelled()
    {
        var cancelled = await _topic.ScheduleMessageAsync(Told("cancelled", "Failed"), DateTimeOffset.MaxValue.AddYears(-1), OfficialBus.Stop);
        await _topic.ScheduleMessageAsync(Told("soon", "Failed"), TimeProvider.System.GetUtcNow().AddMilliseconds(300), OfficialBus.Stop);

        await _topic.CancelScheduledMessageAsync(cancelled, OfficialBus.Stop);

        Assert.Equal("soon", (await _bus.NextAsync(_bus.Client.CreateReceiver("told", "failures"))).MessageId);
        Assert.Equal(["soon"], await IdsAsync(_bus.Client.CreateReceiver("told", "all")));
    }

    [Fact]
    public async Task A_processor_works_on_a_subscription()
    {
        var done = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var processor = _bus.Client.CreateProcessor("told", "all");
        processor.ProcessErrorAsync += error => Task.FromResult(done.TrySetException(error.Exception));
        processor.ProcessMessageAsync += args => Task.FromResult(done.TrySetResult(args.Message.MessageId));
        await processor.StartProcessingAsync(OfficialBus.Stop);

        await _topic.SendMessageAsync(Told("a", "Removed"), OfficialBus.Stop);

        Assert.Equal("a", await done.Task.WaitAsync(OfficialBus.Soon, OfficialBus.Stop));
    }

    [Fact]
    public async Task Receiving_from_the_topic_itself_is_refused_with_a_sentence()
    {
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => _bus.Client.CreateReceiver("told").ReceiveMessageAsync(cancellationToken: OfficialBus.Stop));

        Assert.Contains("'told' is a topic. Receive from one of its subscriptions", refused.Message, StringComparison.Ordinal);
    }

    private static ServiceBusMessage Told(string id, string status) => new(id) { MessageId = id, ApplicationProperties = { ["status"] = status } };

    private static async Task<List<string>> IdsAsync(ServiceBusReceiver receiver) =>
        [.. (await receiver.PeekMessagesAsync(100, cancellationToken: OfficialBus.Stop)).Select(message => message.MessageId)];
}
