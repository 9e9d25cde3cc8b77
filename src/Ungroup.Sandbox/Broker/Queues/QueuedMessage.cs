namespace Ungroup.Sandbox.Broker.Queues;

/// <summary>A message in a queue. Only the queue's own loop touches it; others see a <see cref="MessageView"/>.</summary>
internal sealed class QueuedMessage
{
    public required long Sequence { get; init; }

    public required byte[] Payload { get; set; }

    public required DateTimeOffset EnqueuedAt { get; set; }

    public TimeSpan? TimeToLive { get; init; }

    public DateTimeOffset? ScheduledFor { get; init; }

    public MessageState State { get; set; }

    public SubQueueName Place { get; set; }

    public int FailedDeliveries { get; set; }

    public DeadLetterReason? Why { get; set; }

    public bool IsLocked { get; set; }

    public bool IsRemoved { get; set; }

    /// <summary>Whether the journal has a row for it: decides between an insert, an update and nothing at all.</summary>
    public bool IsJournaled { get; set; }

    public bool IsPayloadChanged { get; set; }

    /// <summary>Dead letters stay until someone takes them; a scheduled message starts to age when it becomes active.</summary>
    public DateTimeOffset? ExpiresAt =>
        TimeToLive is { } age && State != MessageState.Scheduled && Place == SubQueueName.Main && age < DateTimeOffset.MaxValue - EnqueuedAt
            ? EnqueuedAt + age
            : null;

    public static QueuedMessage Of(NewMessage added, long sequence, TimeSpan? longestLife, DateTimeOffset now)
    {
        var isDead = added.Why is not null;
        var isScheduled = !isDead && added.ScheduledFor > now;
        return new()
        {
            Sequence = sequence,
            Payload = added.Payload,
            EnqueuedAt = added.EnqueuedAt ?? now,
            TimeToLive = longestLife is null || added.TimeToLive < longestLife ? added.TimeToLive : longestLife,
            ScheduledFor = isScheduled ? added.ScheduledFor : null,
            State = isScheduled ? MessageState.Scheduled : MessageState.Active,
            Place = isDead ? SubQueueName.DeadLetters : SubQueueName.Main,
            Why = added.Why,
        };
    }

    public MessageView View() => new(Sequence, Payload, EnqueuedAt, TimeToLive, State, Place, FailedDeliveries, Why);
}

/// <summary>A message as it was when somebody asked, safe to render on any thread.</summary>
internal sealed record MessageView(
    long Sequence,
    byte[] Payload,
    DateTimeOffset EnqueuedAt,
    TimeSpan? TimeToLive,
    MessageState State,
    SubQueueName Place,
    int FailedDeliveries,
    DeadLetterReason? Why);

/// <summary>A message on its way to a receiver; without a lock it has already left the queue.</summary>
internal sealed record Delivery(MessageView Message, MessageLock? Lock);

internal sealed record MessageLock(Guid Token, DateTimeOffset Until);
