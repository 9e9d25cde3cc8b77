using System.ComponentModel;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Ungroup.Display;
using Ungroup.Ledger;
using Ungroup.Messages;
using Ungroup.Outcomes;

namespace Ungroup.Watch;

/// <summary>The event that a contained resource is not alone in its isolation group any more: CloudEvents 1.0, as outcomes are.</summary>
internal sealed record BrokenEvent
{
    public const string Type = "ungroup.containment.Broken.v1";

    private static readonly BrokenJson Json = new(new JsonSerializerOptions(BrokenJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    [JsonPropertyName("specversion")]
    public string SpecVersion { get; init; } = "1.0";

    public required string Id { get; init; }

    public string Source { get; init; } = "/ungroup";

    [JsonPropertyName("type")]
    public string EventType { get; init; } = Type;

    public required string Subject { get; init; }

    public required DateTimeOffset Time { get; init; }

    [JsonPropertyName("datacontenttype")]
    public string DataContentType { get; init; } = "application/json";

    public required BrokenData Data { get; init; }

    /// <summary>The same event, with the same id, however often it is made of the same break.</summary>
    public static OutcomeEvent Of(ContainedResource one, BrokenContainment broken, string? isolation)
    {
        var contain = one.Row.ContainedBy!;
        var id = OutcomeIds.Hash($"{one.Account}\ncontainment\n{contain}\n{one.Resource}\n{broken.At.UtcTicks}");
        var data = new BrokenData
        {
            Sentence = $"{one.Resource} was contained by {contain} and is in {string.Join(", ", broken.Groups)} now; expected {isolation ?? "its isolation group"} alone. "
                + "Find out who changes its groups, and contain it again.",
            RequestId = contain,
            Account = one.Account,
            Resource = one.Resource,
            IsolationGroup = isolation,
            Groups = broken.Groups,
            ContainedAt = one.Row.ContainedAt,
        };
        var told = new BrokenEvent { Id = id, Subject = one.Resource, Time = broken.At, Data = data };
        return new(id, Type, one.Resource, DisplayJson.Escape(JsonSerializer.SerializeToUtf8Bytes(told, Json.BrokenEvent)));
    }
}

internal sealed record BrokenData
{
    [Description("Always Broken.")]
    public string Status { get; init; } = "Broken";

    public required string Sentence { get; init; }

    [Description("The contain that a restore can name.")]
    public required string RequestId { get; init; }

    public required string Account { get; init; }

    public required string Resource { get; init; }

    public string? IsolationGroup { get; init; }

    [Description("The groups that it was in when this was seen first.")]
    public required IReadOnlyList<string> Groups { get; init; }

    public DateTimeOffset? ContainedAt { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(BrokenEvent))]
internal sealed partial class BrokenJson : JsonSerializerContext;
