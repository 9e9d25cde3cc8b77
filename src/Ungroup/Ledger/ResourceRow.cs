using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ungroup.Ledger;

/// <summary>What all requests about one resource have to know of each other: who changes it now, and who contains it.</summary>
internal sealed record ResourceRow
{
    /// <summary>The contain or restore that changes the resource; null where none does. It holds the row until it has ended.</summary>
    public string? HeldBy { get; init; }

    /// <summary>The contain whose snapshot has the groups that the resource goes back to; null where it is not contained.</summary>
    public string? ContainedBy { get; init; }

    /// <summary>Since when it is contained.</summary>
    public DateTimeOffset? ContainedAt { get; init; }

    /// <summary>Groups that removals have been told the resource is out of since then: it does not go back to them.</summary>
    public IReadOnlyList<RemovedGroup> Removed { get; init; } = [];

    /// <summary>Of the last outcome about it that has one.</summary>
    public string? EvidenceHash { get; init; }
}

/// <summary>A group that a removal has ended for.</summary>
internal sealed record RemovedGroup(string Group, string RequestId);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ResourceRow))]
internal sealed partial class ResourceRowJson : JsonSerializerContext;
