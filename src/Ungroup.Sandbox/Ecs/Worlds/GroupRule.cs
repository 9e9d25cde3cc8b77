namespace Ungroup.Sandbox.Ecs.Worlds;

/// <summary>One rule of a group; it has exactly one peer. The sandbox shows rules, it lets no packet through.</summary>
internal sealed record GroupRule(string Id, string Direction, string Policy, string IpProtocol, string PortRange, int Priority)
{
    public const string Ingress = "ingress";
    public const string Egress = "egress";

    // https://alibabacloud.com/help/en/ecs/api-authorizesecuritygroupegress [ASGE]
    public static readonly string[] Protocols = ["ALL", "TCP", "UDP", "ICMP", "ICMPv6", "GRE"];

    public string? CidrIp { get; init; }

    public string? Ipv6CidrIp { get; init; }

    public string? GroupId { get; init; }

    public string? PrefixListId { get; init; }

    public string? Description { get; init; }

    /// <summary>The peer is the source of what comes in and the destination of what goes out.</summary>
    public string Side => Direction == Ingress ? "Source" : "Dest";
}
