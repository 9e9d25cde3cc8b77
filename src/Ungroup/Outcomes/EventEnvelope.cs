using System.ComponentModel;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Ungroup.Display;
using Ungroup.Messages;

namespace Ungroup.Outcomes;

/// <summary>A published event as JSON: CloudEvents 1.0 in structured mode. Its members are written in this order.</summary>
/// <typeparam name="TData">Tells what has happened.</typeparam>
internal sealed record EventEnvelope<TData>
{
    // Names and reasons in any script stay readable; no event goes into a page as it is.
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Description("Always 1.0, the version of CloudEvents.")]
    [JsonPropertyName("specversion")]
    public string SpecVersion { get; init; } = "1.0";

    public required string Id { get; init; }

    [Description("Always /ungroup.")]
    public string Source { get; init; } = "/ungroup";

    public required string Type { get; init; }

    public required string Subject { get; init; }

    public required DateTimeOffset Time { get; init; }

    [Description("Always application/json.")]
    [JsonPropertyName("datacontenttype")]
    public string DataContentType { get; init; } = "application/json";

    public required TData Data { get; init; }

    /// <summary>The event as it goes over the bus.</summary>
    /// <param name="json">How it is written.</param>
    /// <param name="facts">The event in short, where it is known.</param>
    public OutcomeEvent ToEvent(JsonTypeInfo<EventEnvelope<TData>> json, OutcomeFacts? facts = null)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes, Readable))
        {
            JsonSerializer.Serialize(writer, this, json);
        }

        return new(Id, Type, Subject, DisplayJson.Escape(bytes.ToArray()), facts);
    }
}
