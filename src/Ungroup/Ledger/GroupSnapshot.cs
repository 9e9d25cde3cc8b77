namespace Ungroup.Ledger;

/// <summary>The groups of resources before a request changed the first of them. Durable before that change, and kept until it is undone.</summary>
internal sealed record GroupSnapshot
{
    /// <summary>Where the resources are.</summary>
    public required string RegionId { get; init; }

    /// <summary>The <c>i-…</c> or <c>eni-…</c> that the request is about.</summary>
    public required string Subject { get; init; }

    /// <summary>The group that a contain leaves the resources in; null for a restore of a removal.</summary>
    public string? IsolationGroup { get; init; }

    /// <summary>One for each interface concerned, in the order in which they were found.</summary>
    public required IReadOnlyList<InterfaceGroups> Interfaces { get; init; }

    /// <summary>The request is about an instance's secondary interfaces as well, so that one which is attached later belongs in isolation too. False in snapshots of earlier versions.</summary>
    public bool WithInterfaces { get; init; }

    /// <summary>The contain whose snapshot this is: of one that found the resource contained, the one before it.</summary>
    public string? Undo { get; init; }

    /// <summary>Whether the request has ended, and had changed something.</summary>
    public bool HasChanged { get; init; }

    /// <summary>The restore that has undone the request; null while none has.</summary>
    public string? RestoredBy { get; init; }
}

/// <summary>The groups of one interface.</summary>
/// <param name="Resource">Its instance's id for a primary interface, its own for another.</param>
/// <param name="Before">Before the first change.</param>
internal sealed record InterfaceGroups(string Resource, IReadOnlyList<string> Before)
{
    /// <summary>The instance it was attached to; null where it was not.</summary>
    public string? InstanceId { get; init; }

    /// <summary>Which one of the resource's snapshots it is: <see cref="ResourceRow.SnapshotNumber"/> when it was made.</summary>
    public int SnapshotNumber { get; init; }

    /// <summary>As the request left it; null until the request has ended.</summary>
    public IReadOnlyList<string>? After { get; init; }

    /// <summary>The request has ended, and no containment holds the resource any more.</summary>
    public bool IsFree { get; init; }
}
