namespace Ungroup.Messages;

/// <summary>One receipt of a queue message, as a host hands it over: what was asked, and what the broker says about it.</summary>
public sealed record Delivery
{
    /// <summary>The id the sender gave the message; copies made by <see cref="PostponedCopy"/> keep the id of the first.</summary>
    public required string MessageId { get; init; }

    /// <summary>The bytes of the message, untouched.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>
    /// Why the body can be no request, in a sentence, where it is of a kind that has no bytes to read: <see cref="Body"/> then only shows what it was.
    /// </summary>
    public string? BodyProblem { get; init; }

    /// <summary>The media type the sender named, if any: <c>application/json</c> or <c>application/cloudevents+json</c>.</summary>
    public string? ContentType { get; init; }

    /// <summary>How often the broker has handed out this message, this time included: 1 at first.</summary>
    public int DeliveryCount { get; init; } = 1;

    /// <summary>When this very message came to the queue, by the broker's clock. When the request first came, the ledger knows.</summary>
    public required DateTimeOffset EnqueuedAt { get; init; }

    /// <summary>Until when the broker keeps the message for us, by its clock, as it said with the message; null where it has no locks.</summary>
    public DateTimeOffset? LockedUntil { get; init; }

    /// <summary>How often the message was postponed before this delivery, by what its id says: good for waits, and for nothing that matters.</summary>
    public int Postponements { get; init; }

    /// <summary>The application properties of the message. Anybody who may send can have written any of them.</summary>
    public IReadOnlyDictionary<string, object?> Properties { get; init; } = new Dictionary<string, object?>();

    /// <summary>Where it was received; null where the host does not say, and then no account is kept from taking all of its places.</summary>
    public DeliverySource? Queue { get; init; }

    /// <summary>The W3C trace parent the sender set, if any.</summary>
    public string? TraceParent => Properties.TryGetValue("traceparent", out var value) || Properties.TryGetValue("Diagnostic-Id", out value)
        ? value as string
        : null;
}

/// <summary>A queue, and how many of its messages this host works on at once.</summary>
public sealed record DeliverySource(string Name, int Concurrency);
