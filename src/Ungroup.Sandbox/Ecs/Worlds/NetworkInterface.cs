using System.Security.Cryptography;
using System.Text;

namespace Ungroup.Sandbox.Ecs.Worlds;

internal sealed record NetworkInterface(string Id, Place Place, Membership Membership)
{
    public const string Primary = "Primary";
    public const string Secondary = "Secondary";

    public required string Type { get; init; }

    public required Lifecycle Lifecycle { get; set; }

    /// <summary>The instance that it is attached to; null when it lies about.</summary>
    public string? InstanceId { get; set; }

    public string? Name { get; init; }

    public bool ServiceManaged { get; init; }

    public string? VpcId { get; init; }

    public string? VSwitchId { get; init; }

    public string? ZoneId { get; init; }

    public string? OwnMacAddress { get; init; }

    /// <summary>Where the world gives none, one is made of the id: the same at every run.</summary>
    public string MacAddress => OwnMacAddress ?? $"00:16:3e:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Id))[..3]).Insert(4, ":").Insert(2, ":")}";

    public string? PrivateIpAddress { get; init; }

    public IReadOnlyList<string> SecondaryPrivateIpAddresses { get; init; } = [];

    public IReadOnlyList<string> PrivateAddresses => PrivateIpAddress is { } first ? [first, .. SecondaryPrivateIpAddresses] : SecondaryPrivateIpAddresses;

    public IReadOnlyList<string> Ipv6Addresses { get; init; } = [];

    public string? PublicIpAddress { get; init; }

    public ConnectionTracking ConnectionTracking { get; init; } = ConnectionTracking.Default;

    public IReadOnlyDictionary<string, string> Tags { get; set; } = new Dictionary<string, string>();

    /// <summary>As what its membership is known: a primary interface stands for its instance.</summary>
    public string Subject => Type == Primary ? InstanceId! : Id;

    /// <summary>
    /// An elastic container keeps the groups it was made with.
    /// https://help.aliyun.com/en/eci/user-guide/assign-a-security-group-1 [ECI]
    /// </summary>
    public bool IsOfContainer => InstanceId is { } id && ResourceId.IsContainerGroup(id);
}
