namespace Ungroup.Messages;

/// <summary>One receipt of a queue message, as a host hands it over.</summary>
public sealed record Delivery
{
    /// <summary>The id the sender gave the message; copies made by <see cref="PostponedCopy"/> keep the id of the first.</summary>
    public required string MessageId { get; init; }

    /// <summary>The bytes of the message, untouched.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>Why the body cannot be a request, as a sentence; <see cref="Body"/> is then only an impression of it. Null where it has bytes.</summary>
    public string? BodyProblem { get; init; }

    /// <summary>The media type the sender named, if any: <c>application/json</c> or <c>application/cloudevents+json</c>.</summary>
    public string? ContentType { get; init; }

    /// <summary>How often the broker has handed out this message, this time included: 1 at first.</summary>
    public int DeliveryCount { get; init; } = 1;

    /// <summary>When this very message came to the queue, by the broker's clock.</summary>
    public required DateTimeOffset EnqueuedAt { get; init; }

    /// <summary>When the broker's lock ends, by its clock, as it said with the message; null where it has no locks.</summary>
    public DateTimeOffset? LockedUntil { get; init; }

    /// <summary>How often the message was postponed before, by its id: good for waits, and for nothing that matters.</summary>
    public int Postponements { get; init; }

    /// <summary>The application properties. Any sender can have written any of them.</summary>
    public IReadOnlyDictionary<string, object?> Properties { get; init; } = new Dictionary<string, object?>();

    /// <summary>Where it was received; null where the host does not say, and accounts then have no shares.</summary>
    public DeliverySource? Queue { get; init; }

    /// <summary>The W3C trace parent the sender set, if any.</summary>
    public string? TraceParent => Properties.TryGetValue("traceparent", out var value) || Properties.TryGetValue("Diagnostic-Id", out value)
        ? value as string
        : null;
}

/// <summary>A queue, and how many of its messages this host works on at once.</summary>
public sealed record DeliverySource(string Name, int Concurrency);
