using System.Text.Json;

namespace Ungroup.Outcomes;

/// <summary>An outcome as it goes over the bus: a CloudEvents 1.0 event, structured, JSON. The bytes are what the ledger keeps.</summary>
/// <param name="Id">A hash of account, request id and status: also the id of the bus message.</param>
/// <param name="Type"><c>ungroup.removal.&lt;status&gt;.v1</c>.</param>
/// <param name="Subject">The resource, or the message where no resource could be read.</param>
/// <param name="Json">The whole event, UTF-8.</param>
public sealed record OutcomeEvent(string Id, string Type, string Subject, ReadOnlyMemory<byte> Json)
{
    public const string ContentType = "application/cloudevents+json";

    /// <summary>What goes beside the event as application properties, for subscribers to filter by: type, status, code, account, origin.</summary>
    public IReadOnlyDictionary<string, string> FilterProperties()
    {
        var properties = new Dictionary<string, string> { ["type"] = Type };
        using var document = JsonDocument.Parse(Json);
        var data = document.RootElement.GetProperty("data");
        foreach (var (owner, name) in (ReadOnlySpan<(JsonElement, string)>)
        [
            (data, "status"), (data, "code"), (data, "account"), (data.TryGetProperty("request", out var request) ? request : default, "origin"),
        ])
        {
            if (owner.ValueKind == JsonValueKind.Object && owner.TryGetProperty(name, out var value) && value.GetString() is { } text)
            {
                properties[name] = text;
            }
        }

        return properties;
    }
}
