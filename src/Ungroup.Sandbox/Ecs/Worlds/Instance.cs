namespace Ungroup.Sandbox.Ecs.Worlds;

/// <summary>
/// An instance's own membership is that of its primary interface.
/// https://help.aliyun.com/zh/ecs/user-guide/start-using-security-groups [SG-USE]
/// </summary>
internal sealed record Instance(string Id, Place Place, NetworkInterface Primary)
{
    public required Lifecycle Lifecycle { get; set; }

    public IReadOnlyList<string> Locks { get; set; } = [];

    public string? Name { get; init; }

    public string? ZoneId { get; init; }

    public string? VpcId { get; init; }

    public string? VSwitchId { get; init; }

    public string? PrivateIpAddress { get; init; }

    public string? PublicIpAddress { get; init; }

    public string? EipAddress { get; init; }

    public string? RamRoleName { get; init; }

    /// <summary>When it goes, and what keeps it from going.</summary>
    public required Release Release { get; init; }

    public IReadOnlyDictionary<string, string> Tags { get; set; } = new Dictionary<string, string>();
}

/// <summary>https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-describeinstances [SDK-DOC]</summary>
internal sealed record Release(string ChargeType, string SpotStrategy)
{
    public const string PostPaid = "PostPaid";
    public const string NoSpot = "NoSpot";

    public static readonly string[] ChargeTypes = [PostPaid, "PrePaid"];

    public static readonly string[] SpotStrategies = [NoSpot, "SpotWithPriceLimit", "SpotAsPriceGo"];

    public string? AutoReleaseTime { get; init; }

    public string? ExpiredTime { get; init; }

    public bool DeletionProtection { get; init; }

    public bool Recyclable { get; init; }
}
