namespace Ungroup.Sandbox.Ecs.Worlds;

/// <summary>Where a resource lives and who may see it: a call of another account, or to another region, does not find it.</summary>
internal sealed record Place(string RegionId, Account Account)
{
    public bool IsIn(Account account, string? regionId) =>
        ReferenceEquals(Account, account) && (regionId is null || regionId == RegionId);
}

internal sealed record SecurityGroup(string Id, Place Place)
{
    public const string Normal = "normal";
    public const string Enterprise = "enterprise";

    public required string Type { get; init; }

    public string? Name { get; init; }

    public string? Description { get; init; }

    public string? VpcId { get; init; }

    public bool ServiceManaged { get; init; }

    public int? Capacity { get; init; }

    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();
}

/// <summary>
/// An instance's own membership is that of its primary interface.
/// https://help.aliyun.com/zh/ecs/user-guide/start-using-security-groups [SG-USE]
/// </summary>
internal sealed record Instance(string Id, Place Place, NetworkInterface Primary)
{
    public required Lifecycle Lifecycle { get; init; }

    public string? Name { get; init; }

    public string? ZoneId { get; init; }

    public string? VpcId { get; init; }

    public string? VSwitchId { get; init; }

    public string? PrivateIpAddress { get; init; }

    public IReadOnlyList<string> Locks { get; init; } = [];

    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();
}

internal sealed record NetworkInterface(string Id, Place Place, Membership Membership)
{
    public const string Primary = "Primary";
    public const string Secondary = "Secondary";

    public required string Type { get; init; }

    public required Lifecycle Lifecycle { get; init; }

    public string? Name { get; init; }

    public string? InstanceId { get; init; }

    public bool ServiceManaged { get; init; }

    public string? VpcId { get; init; }

    public string? VSwitchId { get; init; }

    public string? ZoneId { get; init; }

    public string? PrivateIpAddress { get; init; }

    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();
}
