using System.Text.Json;
using Ungroup.Ecs.Changes;
using Ungroup.Ecs.Wire;
using Ungroup.Json;

namespace Ungroup.Ecs.Containment;

/// <summary>Says what a change of security groups does not touch of an instance, as far as the read that was made anyway shows it.</summary>
internal static class HostFacts
{
    private const int LongestText = 64;
    private const int MostGroups = 100;

    public static IReadOnlyList<string> In(JsonElement instance) =>
    [
        .. Texts(instance, "PublicIpAddress").Append(Said(instance.Find("EipAddress")?.Text("IpAddress"))).OfType<string>()
            .Select(address => $"Public address {address}: it stays, and load balancers may go on sending to the host."),
        .. One(instance.Text("AutoReleaseTime"), time => $"Automatic release at {time}: the instance and its evidence go then."),
        .. One(instance.Text("SpotStrategy") is "NoSpot" ? null : instance.Text("SpotStrategy"), spot => $"Spot instance ({spot}): it may be released at any time."),
        .. instance.List("Tags", "Tag").Where(tag => tag.Text("TagKey")?.StartsWith("acs:autoscaling:", StringComparison.Ordinal) == true).Take(1)
            .Select(tag => $"Auto Scaling ({Said(tag.Text("TagValue"))}): it may replace the instance; put it on standby."),
    ];

    /// <summary>The RAM role of an instance has a read of its own.</summary>
    /// <returns>What is not handled, or why nobody knows; neither where the instance has no role.</returns>
    public static async Task<(string? Role, string? Unread)> RoleAsync(EcsSession ecs, EcsPlace place, string instance, string group, CancellationToken cancellationToken)
    {
        var (reply, why) = await ecs.LookAsideAsync(place.ReadRole(instance, group), EcsSession.Briefly, cancellationToken);
        if (reply is null)
        {
            return (null, $"Whether {instance} has a RAM role could not be read: {why}");
        }

        using var document = JsonBody.Parse(reply.Body);
        var role = document?.RootElement.List("InstanceRamRoleSets", "InstanceRamRoleSet").Select(set => Said(set.Text("RamRoleName"))).FirstOrDefault(name => name is not null);
        return (role is null ? null : $"RAM role {role}: tokens that the host has taken stay valid.", null);
    }

    /// <summary>The names of groups, by id: an id says nothing any more once its group is gone. Without those that ECS does not show.</summary>
    public static async Task<Dictionary<string, string>> GroupNamesAsync(
        EcsSession ecs, EcsPlace place, IEnumerable<string> groups, string resource, string isolation, CancellationToken cancellationToken)
    {
        var call = place.ReadGroups(groups.Append(isolation).Distinct(StringComparer.Ordinal).Take(MostGroups), resource, isolation);
        using var document = await ecs.LookAsideAsync(call, EcsSession.Briefly, cancellationToken) is ({ } reply, _) ? JsonBody.Parse(reply.Body) : null;
        return (document?.RootElement.List("SecurityGroups", "SecurityGroup") ?? [])
            .Select(group => (Id: group.Text("SecurityGroupId"), Name: Said(group.Text("SecurityGroupName"))))
            .Where(group => group is { Id: not null, Name: not null })
            .DistinctBy(group => group.Id)
            .ToDictionary(group => group.Id!, group => group.Name!, StringComparer.Ordinal);
    }

    private static IEnumerable<string> Texts(JsonElement instance, string list) =>
        instance.List(list, "IpAddress").Select(JsonText.Of).Select(Said).OfType<string>();

    private static IEnumerable<string> One(string? text, Func<string, string> sentence) => Said(text) is { } said ? [sentence(said)] : [];

    private static string? Said(string? text) => string.IsNullOrEmpty(text) ? null : Redaction.OneLine(text, LongestText);
}
