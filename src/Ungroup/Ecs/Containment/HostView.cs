namespace Ungroup.Ecs.Containment;

/// <summary>A host at one look: its interfaces, and what else a containment should tell of it.</summary>
/// <param name="InstanceId">Null for an interface that is attached to none.</param>
/// <param name="VpcId">Null where ECS names none.</param>
/// <param name="Interfaces">Those concerned.</param>
/// <param name="Facts">Sentences on what a change of groups does not touch.</param>
internal sealed record HostView(string? InstanceId, string? VpcId, IReadOnlyList<InterfaceView> Interfaces, IReadOnlyList<string> Facts)
{
    /// <summary>All interfaces that ECS names with an instance, concerned or not.</summary>
    public IReadOnlyList<string> Attached { get; init; } = [];

    public InterfaceView? Find(string resource) => Interfaces.FirstOrDefault(seen => seen.Resource == resource);
}

/// <summary>One interface at one look.</summary>
/// <param name="Resource">Its instance's id for a primary interface, its own for another.</param>
/// <param name="Groups">Empty where ECS lists the interface and does not show it.</param>
internal sealed record InterfaceView(string Resource, IReadOnlyList<string> Groups)
{
    /// <summary>When the look began: a timestamp of the clock.</summary>
    public long ReadAt { get; init; }

    public string? NetworkInterfaceId { get; init; }

    public string? InstanceId { get; init; }

    public string? MacAddress { get; init; }

    public string? VpcId { get; init; }

    public IReadOnlyList<string> Addresses { get; init; } = [];

    public IReadOnlyList<string> Locks { get; init; } = [];

    /// <summary>Those of the instance for its primary interface; null where ECS shows no list of them.</summary>
    public IReadOnlyList<KeyValuePair<string, string>>? Tags { get; init; }

    /// <summary>The idle time-out of established TCP sessions, in seconds.</summary>
    public int? IdleSeconds { get; init; }
}

/// <summary>The result of a look.</summary>
internal abstract record HostRead
{
    private HostRead()
    {
    }

    public sealed record Found(HostView Host) : HostRead;

    /// <param name="Code">The code that a change would get.</param>
    public sealed record NotFound(string Code) : HostRead;

    /// <summary>Nothing is known; what to do now.</summary>
    public sealed record Stopped(Changes.RemovalResult Result) : HostRead;
}
