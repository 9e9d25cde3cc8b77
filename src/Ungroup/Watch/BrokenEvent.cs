using System.ComponentModel;
using System.Text.Json.Serialization;
using Ungroup.Ledger;
using Ungroup.Messages;
using Ungroup.Outcomes;

namespace Ungroup.Watch;

/// <summary>The event that a contained resource is not alone in its isolation group any more.</summary>
internal static class BrokenEvent
{
    private const string Type = "ungroup.containment.Broken.v1";

    /// <summary>The same event, with the same id, however often it is made of the same break.</summary>
    public static OutcomeEvent Of(ContainedResource one, BrokenContainment broken, string? isolation)
    {
        var contain = one.Row.ContainedBy!;
        var resource = broken.Interface ?? one.Resource;
        var id = OutcomeIds.Hash($"{one.Account}\ncontainment\n{contain}\n{resource}\n{broken.At.UtcTicks}");
        var (came, who) = broken.Interface is null
            ? ($"was contained by {contain}", "changes its groups, and contain it")
            : ($"was attached to {one.Resource} after {contain} had contained it", $"attached it, and contain {one.Resource}");
        var data = new BrokenData
        {
            Sentence = $"{resource} {came} and is in {string.Join(", ", broken.Groups)} now; expected {isolation ?? "its isolation group"} alone. Find out who {who} again.",
            RequestId = contain,
            Account = one.Account,
            Resource = resource,
            IsolationGroup = isolation,
            Groups = broken.Groups,
            ContainedAt = one.Row.ContainedAt,
        };
        return new EventEnvelope<BrokenData> { Id = id, Type = Type, Subject = resource, Time = broken.At, Data = data }.ToEvent(BrokenJson.Default.Event);
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
[JsonSerializable(typeof(EventEnvelope<BrokenData>), TypeInfoPropertyName = "Event")]
internal sealed partial class BrokenJson : JsonSerializerContext;
