using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ungroup.Ledger;

/// <summary>
/// All that requests about one resource have to know of each other: who changes it now, and who contains it. A row of an earlier version lacks
/// members; the generated reader sets those to null, whatever they begin with here.
/// </summary>
internal sealed record ResourceRow
{
    // A resource is in ten groups; a row has room for the removals of years.
    private const int MostRemoved = 100;

    /// <summary>The contain or restore that changes the resource; null where none does. It holds the row until it has ended.</summary>
    public string? HeldBy { get; init; }

    /// <summary>The epoch of the owner of that request who has taken it last: one that was overtaken lets nothing go.</summary>
    public int Epoch { get; init; }

    /// <summary>The contain whose snapshot has the groups that the resource goes back to; null where it is not contained.</summary>
    public string? ContainedBy { get; init; }

    /// <summary>Since when it is contained.</summary>
    public DateTimeOffset? ContainedAt { get; init; }

    /// <summary>It was contained before. Removals are noted all the same: its restore may be asked for once more.</summary>
    public bool WasContained { get; init; }

    /// <summary>How many snapshots of its groups there were: each contain that finds it not contained makes one.</summary>
    public int SnapshotNumber { get; init; }

    /// <summary>Groups that removals have been told the resource is out of since it was contained first, each once, the last at the end.</summary>
    public IReadOnlyList<RemovedGroup> Removed { get; init => field = value ?? []; } = [];

    /// <summary>The groups in which the last contain or restore that changed them has left it; null where none has said.</summary>
    public IReadOnlyList<string>? LeftIn { get; init; }

    /// <summary>The isolation groups that contains have put it in since it was contained: a restore of any of them leaves all.</summary>
    public IReadOnlyList<string> IsolatedIn { get; init => field = value ?? []; } = [];

    /// <summary>When somebody last looked whether it is still in the isolation group alone; null where nobody has.</summary>
    public DateTimeOffset? LookedAt { get; init; }

    /// <summary>Since when it was seen not to be; null where it is, as far as anybody knows.</summary>
    public BrokenContainment? Broken { get; init; }

    /// <summary>Of the last outcome about it that has one.</summary>
    public string? EvidenceHash { get; init; }

    /// <summary>The place of that outcome in the chain; null where there is none, or an earlier version has written it.</summary>
    public EvidenceLink? Evidence { get; init; }

    /// <summary>Members that a later version has written: they stay while this one runs beside it.</summary>
    [JsonInclude]
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? More { get; internal set; }

    /// <summary>The isolation group that the last contain has left it in, alone; what the containment was begun with where none has.</summary>
    public string? IsolationGroup(string? begun) => LeftIn is [var only] && IsolatedIn.Contains(only) ? only : begun;

    /// <summary>Whether the contain that holds it could not leave it in its isolation group alone, and its outcome has told so.</summary>
    public bool IsPartly(string? begun) => LeftIn is { } left && !GroupSets.IsAlone(left, IsolationGroup(begun));

    /// <summary>Alone in its isolation group; or as a contain has left it that could do no more, which its outcome has told.</summary>
    public bool IsAsLeft(IReadOnlyList<string> groups, string isolation) =>
        GroupSets.IsAlone(groups, isolation) || (LeftIn is { } left && GroupSets.Same(left, groups));

    /// <summary>The removals that win over a snapshot. No clock decides: a removal notes the last snapshot that was begun before it ended.</summary>
    public IEnumerable<RemovedGroup> RemovedSince(InterfaceGroups snapshot) =>
        Removed.Where(one => one.SnapshotNumber >= snapshot.SnapshotNumber);

    /// <summary>The groups that requests have left it in since a snapshot; null where none has said. A later snapshot's are news to the request of this one.</summary>
    public IReadOnlyList<string>? LeftSince(InterfaceGroups snapshot) => SnapshotNumber == snapshot.SnapshotNumber ? LeftIn : null;

    /// <summary>The same resource once a removal has ended. An earlier note of the group says less than that.</summary>
    public ResourceRow With(RemovedGroup removed) => this with
    {
        Removed = [.. Removed.Where(one => one.Group != removed.Group).TakeLast(MostRemoved - 1), removed],
    };

    /// <summary>The same resource where no containment holds it any more.</summary>
    public ResourceRow Freed() => this with
    {
        ContainedBy = null,
        ContainedAt = null,
        WasContained = true,
        IsolatedIn = [],
        LookedAt = null,
        Broken = null,
    };

    /// <summary>The same resource once a contain or restore of it has ended.</summary>
    /// <param name="ended">What the request has come to.</param>
    /// <param name="groups">Those that it has left the resource in.</param>
    /// <param name="now">When it has ended.</param>
    public ResourceRow With(GroupSnapshot ended, IReadOnlyList<string> groups, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(ended);
        var isIsolated = GroupSets.IsAlone(groups, ended.IsolationGroup);
        var changed = ended.HasChanged || isIsolated ? this with { LeftIn = groups } : this;
        return ContainedBy is null ? changed : changed with
        {
            IsolatedIn = ended is { IsolationGroup: { } isolation, HasChanged: true } ? [.. IsolatedIn.Union([isolation], StringComparer.Ordinal)] : IsolatedIn,
            LookedAt = isIsolated ? now : LookedAt,
            Broken = isIsolated ? null : Broken,
        };
    }
}

/// <summary>A contained resource that is not in its isolation group alone any more, or an instance with an interface that is not.</summary>
/// <param name="At">When that was seen first.</param>
/// <param name="Groups">Those that it, or its interface, was in then.</param>
/// <param name="IsTold">The bus has the event.</param>
/// <param name="Interface">The interface, which was attached since and which nobody has contained; null where it is the resource itself.</param>
internal sealed record BrokenContainment(DateTimeOffset At, IReadOnlyList<string> Groups, bool IsTold = false, string? Interface = null);

/// <summary>Where an outcome stands in the chain of its resource.</summary>
/// <param name="RequestId">The request that it ends.</param>
/// <param name="Epoch">The epoch of the owner who has linked it: one that was overtaken links nothing.</param>
/// <param name="Previous">The hash of the outcome before it; null for the first.</param>
internal sealed record EvidenceLink(string RequestId, int Epoch, string? Previous);

/// <summary>A row by what it is about.</summary>
internal sealed record ContainedResource(string Account, string Resource, ResourceRow Row);

/// <summary>A group that a removal has ended for.</summary>
/// <param name="Group">The group.</param>
/// <param name="RequestId">The removal.</param>
/// <param name="SnapshotNumber">The last snapshot of the resource before that.</param>
internal sealed record RemovedGroup(string Group, string RequestId, int SnapshotNumber = 0);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ResourceRow))]
internal sealed partial class ResourceRowJson : JsonSerializerContext;
