using System.Text;
using Microsoft.Extensions.Time.Testing;
using Ungroup.Sandbox.Broker;
using Ungroup.Sandbox.Broker.Queues;

namespace Ungroup.Sandbox.Tests.Broker.Queues;

/// <summary>The rules of a queue with a clock to turn by hand.</summary>
internal sealed class TestQueue
{
    public static readonly TimeSpan LockDuration = TimeSpan.FromSeconds(30);

    public TestQueue(int maxDeliveryCount = 10, bool deadLetterOnExpiry = false) => State = new(new()
    {
        Name = "orders",
        LockDuration = LockDuration,
        MaxDeliveryCount = maxDeliveryCount,
        DeadLetterOnExpiry = deadLetterOnExpiry,
    });

    public QueueState State { get; }

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public DateTimeOffset Now => Clock.GetUtcNow();

    public QueueCounts Counts => State.Counts();

    public void Pass(TimeSpan time)
    {
        Clock.Advance(time);
        State.Advance(Now);
    }

    public long Send(string text, TimeSpan? timeToLive = null, DateTimeOffset? scheduledFor = null) =>
        State.Enqueue([new(Encoding.UTF8.GetBytes(text), timeToLive, scheduledFor)], Now)[0];

    public Delivery? Take(SubQueueName place = SubQueueName.Main, bool remove = false) => State.Take(place, remove, Now);

    public bool Settle(Delivery? delivery, Settlement settlement, SubQueueName place = SubQueueName.Main) =>
        State.Settle(place, [delivery!.Lock!.Token], settlement);

    public IReadOnlyList<MessageView> Peek(SubQueueName place = SubQueueName.Main) => State.Peek(place, from: 0, count: 100);

    public static string? Text(Delivery? delivery) => delivery is null ? null : Encoding.UTF8.GetString(delivery.Message.Payload);
}
