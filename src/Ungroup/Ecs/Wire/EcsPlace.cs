using System.Runtime.InteropServices;
using Ungroup.Requests;

namespace Ungroup.Ecs.Wire;

/// <summary>An account in a region, and the calls that can be made there. A resource is an <c>i-…</c>, which stands for its primary interface, or an <c>eni-…</c>.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct EcsPlace(string Account, string RegionId)
{
    public static EcsPlace Of(RemovalRequest request) => new(request.Account, request.RegionId);

    public EcsCall Leave(string resource, string group) => Call("LeaveSecurityGroup", resource, group, [Target(resource), new("SecurityGroupId", group)]);

    public EcsCall Join(string resource, string group) => Call("JoinSecurityGroup", resource, group, [Target(resource), new("SecurityGroupId", group)]);

    /// <summary>Puts the resource into these groups and no others.</summary>
    /// <param name="resource">Which.</param>
    /// <param name="groups">At least one.</param>
    /// <param name="group">The one that the call is made for.</param>
    public EcsCall Modify(string resource, IReadOnlyList<string> groups, string group) => IsInstance(resource)
        ? Call("ModifyInstanceAttribute", resource, group, [Target(resource), .. Numbered("SecurityGroupIds", groups)])
        : Call("ModifyNetworkInterfaceAttribute", resource, group, [Target(resource), .. Numbered("SecurityGroupId", groups)]);

    /// <summary>The groups of an instance are those of its primary network interface.</summary>
    public EcsCall ReadMembership(string resource, string group) => IsInstance(resource) ? ReadInstance(resource, group) : ReadInterface(resource, group);

    public EcsCall ReadInstance(string instance, string group) => Call("DescribeInstances", instance, group, [new("InstanceIds", $"[\"{instance}\"]")]);

    public EcsCall ReadRole(string instance, string group) => Call("DescribeInstanceRamRole", instance, group, [new("InstanceIds", $"[\"{instance}\"]")]);

    public EcsCall ReadInterface(string card, string group) => Call("DescribeNetworkInterfaces", card, group, [new("NetworkInterfaceId.1", card)]);

    public EcsCall ReadInterfaces(IReadOnlyList<string> cards, string resource, string group) =>
        Call("DescribeNetworkInterfaces", resource, group, [new("MaxResults", "100"), .. Numbered("NetworkInterfaceId", cards)]);

    public EcsCall ReadInterfacesOf(string instance, string? nextToken, string group) => Call(
        "DescribeNetworkInterfaces", instance, group,
        [new("InstanceId", instance), new("MaxResults", "100"), .. From(nextToken)]);

    /// <summary>The members of a group whose primary interface is in it, a page of them.</summary>
    public EcsCall ListInstances(string group, string? nextToken) => List("DescribeInstances", group, nextToken);

    /// <summary>The secondary interfaces in a group, a page of them: ECS lists no primary ones by their group.</summary>
    public EcsCall ListInterfaces(string group, string? nextToken) => List("DescribeNetworkInterfaces", group, nextToken);

    /// <summary>Asks for leave to list, and for nothing else: without it ECS lists nothing, and does not say so.</summary>
    public EcsCall MayList(string action, string group) => Call(action, group, group, [new("SecurityGroupId", group), new("MaxResults", "100"), new("DryRun", "true")]);

    /// <summary>At least one: an empty list would mean the whole region.</summary>
    public EcsCall ReadInstances(IReadOnlyList<string> instances, string group) =>
        Call("DescribeInstances", group, group, [new("InstanceIds", $"[{string.Join(',', instances.Select(id => $"\"{id}\""))}]"), new("MaxResults", "100")]);

    public EcsCall ReadGroup(string group, string resource) => Call("DescribeSecurityGroups", resource, group, [new("SecurityGroupIds", $"[\"{group}\"]")]);

    public EcsCall ReadGroups(IEnumerable<string> groups, string resource, string group) =>
        Call("DescribeSecurityGroups", resource, group, [new("SecurityGroupIds", $"[{string.Join(',', groups.Select(id => $"\"{id}\""))}]"), new("MaxResults", "100")]);

    public EcsCall ReadRules(string group, string? nextToken, string resource) => Call(
        "DescribeSecurityGroupAttribute", resource, group,
        [new("SecurityGroupId", group), new("MaxResults", "500"), .. From(nextToken)]);

    public static bool IsInstance(string resource) => resource.StartsWith("i-", StringComparison.Ordinal);

    private EcsCall List(string action, string group, string? nextToken) => Call(
        action, group, group,
        [new("SecurityGroupId", group), new("MaxResults", "100"), .. From(nextToken)]);

    private static KeyValuePair<string, string>[] From(string? nextToken) => nextToken is null ? [] : [new("NextToken", nextToken)];

    private EcsCall Call(string action, string resource, string group, KeyValuePair<string, string>[] parameters) =>
        new(Account, RegionId, action, [new("RegionId", RegionId), .. parameters]) { Resource = resource, Group = group };

    private static KeyValuePair<string, string> Target(string resource) => new(IsInstance(resource) ? "InstanceId" : "NetworkInterfaceId", resource);

    private static IEnumerable<KeyValuePair<string, string>> Numbered(string name, IReadOnlyList<string> values) =>
        values.Select((value, at) => new KeyValuePair<string, string>($"{name}.{at + 1}", value));
}
