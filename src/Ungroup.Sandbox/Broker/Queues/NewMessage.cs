namespace Ungroup.Sandbox.Broker.Queues;

/// <summary>A message as sent. The payload is opaque here: the front encodes it and is the only one to read it.</summary>
internal sealed record NewMessage(byte[] Payload, TimeSpan? TimeToLive = null, DateTimeOffset? ScheduledFor = null)
{
    /// <summary>Duplicates have this in common.</summary>
    public string? Id { get; init; }

    /// <summary>When it came, for one that came to a topic before it comes here.</summary>
    public DateTimeOffset? EnqueuedAt { get; init; }

    /// <summary>Why it is a dead letter from the first, which is what becomes of one that nobody could read.</summary>
    public DeadLetterReason? Why { get; init; }
}

/// <summary>Changes that a settlement makes inside the payload, told by the front, which knows its encoding.</summary>
internal delegate byte[] PayloadEdit(byte[] payload);

/// <summary>Whether a subscription gets a message with that payload, told by the front as well.</summary>
internal delegate bool PayloadFilter(byte[] payload);
