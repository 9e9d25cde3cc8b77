namespace Ungroup.Sandbox.Broker.Queues;

/// <summary>
/// A topic is a queue whose messages, once their time has come, are copied to its subscriptions and leave it. All of that happens
/// between two commits, so that every subscription has its copy or the sender was told nothing.
/// </summary>
internal sealed class Topic(TopicOptions options, MessageQueue queue, IReadOnlyList<Subscription> subscriptions)
{
    public TopicOptions Options => options;

    public MessageQueue Queue => queue;

    public IReadOnlyList<Subscription> Subscriptions => subscriptions;

    public void Distribute(DateTimeOffset now)
    {
        foreach (var place in (ReadOnlySpan<SubQueueName>)[SubQueueName.Main, SubQueueName.DeadLetters])
        {
            while (queue.TakeReady(place, now) is { } message)
            {
                Copy(message, now);
            }
        }
    }

    /// <summary>No filter can judge a message that nobody could read: every subscription has it, among its dead letters.</summary>
    private void Copy(MessageView message, DateTimeOffset now)
    {
        foreach (var subscription in subscriptions)
        {
            if (message.Why is not null || subscription.Takes(message.Payload))
            {
                subscription.Queue.Receive(new(message.Payload, message.TimeToLive) { EnqueuedAt = message.EnqueuedAt, Why = message.Why }, now);
            }
        }
    }
}

internal sealed record Subscription(SubscriptionOptions Options, MessageQueue Queue, PayloadFilter Takes);
