using System.Text.Json;
using Ungroup.Ecs.Wire;
using Ungroup.Json;

namespace Ungroup.Ecs.Containment;

/// <summary>A group that is to isolate, as ECS describes it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="VpcId">Null where ECS names none, or could not be read.</param>
/// <param name="Unfit">Why nothing can be contained in it, whatever its VPC; null where nothing speaks against it.</param>
/// <param name="Warnings">Ways that it leaves open, a sentence each; that it could not be read is one.</param>
internal sealed record IsolationGroup(string Id, string? VpcId, string? Unfit, IReadOnlyList<string> Warnings)
{
    private const string Everywhere = "0.0.0.0/0";
    private const string EverywhereIpv6 = "::/0";

    public static IsolationGroup NotThere(string id) => new(id, null, $"{id} does not exist.", []);

    public static IsolationGroup Unreadable(string id, string why) =>
        new(id, null, null, [$"{id} could not be looked at, and nobody has checked whether it isolates: {why}"]);

    /// <param name="id">Its id.</param>
    /// <param name="attribute">The answer of DescribeSecurityGroupAttribute.</param>
    /// <param name="rules">The rules of all of its pages.</param>
    /// <param name="listed">Its entry in DescribeSecurityGroups; null where that could not be read.</param>
    public static IsolationGroup Of(string id, JsonElement attribute, IReadOnlyList<JsonElement> rules, JsonElement? listed)
    {
        var isManaged = attribute.IsTrue("ServiceManaged") || listed?.IsTrue("ServiceManaged") == true;
        var type = attribute.Text("SecurityGroupType") ?? listed?.Text("SecurityGroupType");
        return new(
            id,
            attribute.Text("VpcId") is { Length: > 0 } vpc ? vpc : listed?.Text("VpcId"),
            isManaged ? $"{id} is managed by a cloud product, and nothing can join it." : null,
            [.. Leaks(id, attribute.Text("InnerAccessPolicy"), isBasic: type != "enterprise", rules)]);
    }

    private static IEnumerable<string> Leaks(string id, string? innerPolicy, bool isBasic, IReadOnlyList<JsonElement> rules)
    {
        if (isBasic && string.Equals(innerPolicy, "Accept", StringComparison.OrdinalIgnoreCase))
        {
            yield return $"{id} lets its members reach each other (inner access policy Accept): contained hosts are not kept apart.";
        }

        foreach (var (direction, way) in ((string, string)[])[("ingress", "lets in"), ("egress", "lets out")])
        {
            List<JsonElement> accepting = [.. rules.Where(rule => Is(rule, "Direction", direction) && Is(rule, "Policy", "Accept"))];
            if (accepting.Count > 0)
            {
                yield return $"{id} {way} {string.Join(", ", accepting.Take(3).Select(rule => Said(rule, direction)))}{(accepting.Count > 3 ? $" and {accepting.Count - 3} more" : "")} by its rules.";
            }
        }

        // A basic group lets out whatever no rule drops; an advanced one nothing that no rule accepts.
        var dropped = rules.Where(rule => Is(rule, "Direction", "egress") && Is(rule, "Policy", "Drop") && Is(rule, "IpProtocol", "ALL")).ToList();
        if (isBasic && !dropped.Exists(rule => rule.Text("DestCidrIp") == Everywhere))
        {
            yield return $"{id} is a basic group without a rule that drops all egress to {Everywhere}: contained hosts can open connections.";
        }
        else if (isBasic && !dropped.Exists(rule => rule.Text("Ipv6DestCidrIp") == EverywhereIpv6))
        {
            yield return $"{id} is a basic group without a rule that drops all egress to {EverywhereIpv6}: contained hosts can open connections over IPv6.";
        }
    }

    private static bool Is(JsonElement rule, string member, string value) => string.Equals(rule.Text(member), value, StringComparison.OrdinalIgnoreCase);

    private static string Said(JsonElement rule, string direction)
    {
        var (v4, v6, group, list) = direction == "ingress"
            ? ("SourceCidrIp", "Ipv6SourceCidrIp", "SourceGroupId", "SourcePrefixListId")
            : ("DestCidrIp", "Ipv6DestCidrIp", "DestGroupId", "DestPrefixListId");
        var peer = ((ReadOnlySpan<string>)[v4, v6, group, list]).ToArray().Select(member => rule.Text(member)).FirstOrDefault(text => !string.IsNullOrEmpty(text)) ?? "anybody";
        return Redaction.OneLine($"{rule.Text("IpProtocol") ?? "ALL"} {rule.Text("PortRange")} {(direction == "ingress" ? "from" : "to")} {peer}", 100)!;
    }
}
