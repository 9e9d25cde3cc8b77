using System.Text.Json.Serialization;

namespace Ungroup.Messages;

/// <summary>An outcome as it goes over the bus: a CloudEvents 1.0 event, structured, JSON. The bytes are what the ledger keeps.</summary>
/// <param name="Id">The same however often the event is sent, another one for every other event; also the id of the bus message.</param>
/// <param name="Type"><c>ungroup.removal.&lt;status&gt;.v1</c>.</param>
/// <param name="Subject">The resource, or the message where no resource could be read.</param>
/// <param name="Json">The whole event, UTF-8.</param>
public sealed record OutcomeEvent(string Id, string Type, string Subject, [property: JsonIgnore] ReadOnlyMemory<byte> Json)
{
    /// <summary>The content type of the bus message.</summary>
    public const string ContentType = "application/cloudevents+json";

    private OutcomeFacts? _facts;

    internal OutcomeEvent(string id, string type, string subject, ReadOnlyMemory<byte> json, OutcomeFacts? facts)
        : this(id, type, subject, json) => _facts = facts;

    /// <summary>The event in short: known where it was written, read from its JSON otherwise.</summary>
    internal OutcomeFacts ReadFacts() => _facts ??= OutcomeFacts.Read(Json);

    /// <summary>The application properties beside the event, for subscribers to filter by: type, status, code, account, origin.</summary>
    public IReadOnlyDictionary<string, string> FilterProperties()
    {
        var facts = ReadFacts();
        var properties = new Dictionary<string, string> { ["type"] = Type };
        foreach (var (name, value) in (ReadOnlySpan<(string, string?)>)
            [("status", facts.Status), ("code", facts.Code), ("account", facts.Account), ("origin", facts.Origin)])
        {
            if (value is not null)
            {
                properties[name] = value;
            }
        }

        return properties;
    }

    /// <summary>The same event; whether its facts were read already makes no difference.</summary>
    public bool Equals(OutcomeEvent? other) =>
        other is not null && Id == other.Id && Type == other.Type && Subject == other.Subject && Json.Equals(other.Json);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Id, Type, Subject);
}
