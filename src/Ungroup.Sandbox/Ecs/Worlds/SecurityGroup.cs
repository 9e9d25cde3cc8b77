namespace Ungroup.Sandbox.Ecs.Worlds;

/// <summary>A group is itself whatever its rules: memberships hold it, and others may change it while they do.</summary>
internal sealed class SecurityGroup(string id, Place place)
{
    public const string Normal = "normal";
    public const string Enterprise = "enterprise";

    public const string Accept = "Accept";
    public const string Drop = "Drop";

    // Private addresses in a basic and interfaces in an advanced group of a VPC. [SG-USE][SG-TYPES]
    private const int BasicCapacity = 6_000;
    private const int AdvancedCapacity = 65_536;

    public string Id { get; } = id;

    public Place Place { get; } = place;

    public required string Type { get; init; }

    public string? Name { get; init; }

    public string? Description { get; init; }

    public string? VpcId { get; init; }

    public bool ServiceManaged { get; init; }

    /// <summary>How much fits in; null where the world does not say.</summary>
    public int? OwnCapacity { get; init; }

    public int Capacity => OwnCapacity ?? (Type == Normal ? BasicCapacity : AdvancedCapacity);

    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether members reach each other, <see cref="Accept"/> or <see cref="Drop"/>.</summary>
    public required string InnerAccessPolicy { get; set; }

    public IReadOnlyList<GroupRule> Rules { get; set; } = [];

    /// <summary>
    /// A basic group counts the private addresses of its members, an advanced one their interfaces.
    /// https://help.aliyun.com/en/ecs/user-guide/basic-security-groups-and-advanced-security-groups [SG-TYPES]
    /// </summary>
    public int RoomFor(NetworkInterface eni) => Type == Normal ? Math.Max(1, eni.PrivateAddresses.Count + eni.Ipv6Addresses.Count) : 1;
}
