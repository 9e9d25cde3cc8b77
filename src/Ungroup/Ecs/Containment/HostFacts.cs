using System.Text.Json;
using Ungroup.Ecs.Wire;
using Ungroup.Json;

namespace Ungroup.Ecs.Containment;

/// <summary>Says what a change of security groups does not touch of an instance, as far as the read that was made anyway shows it.</summary>
internal static class HostFacts
{
    private const int LongestText = 64;

    public static IReadOnlyList<string> In(JsonElement instance) =>
    [
        .. Texts(instance, "PublicIpAddress").Append(Said(instance.Find("EipAddress")?.Text("IpAddress"))).OfType<string>()
            .Select(address => $"Public address {address}: it stays, and load balancers may go on sending to the host."),
        .. One(instance.Text("RamRoleName"), role => $"RAM role {role}: tokens that the host has taken stay valid."),
        .. One(instance.Text("AutoReleaseTime"), time => $"Automatic release at {time}: the instance and its evidence go then."),
        .. One(instance.Text("SpotStrategy") is "NoSpot" ? null : instance.Text("SpotStrategy"), spot => $"Spot instance ({spot}): it may be released at any time."),
        .. instance.List("Tags", "Tag").Where(tag => tag.Text("TagKey")?.StartsWith("acs:autoscaling:", StringComparison.Ordinal) == true).Take(1)
            .Select(tag => $"Auto Scaling ({Said(tag.Text("TagValue"))}): it may replace the instance; put it on standby."),
    ];

    private static IEnumerable<string> Texts(JsonElement instance, string list) =>
        instance.List(list, "IpAddress").Select(JsonText.Of).Select(Said).OfType<string>();

    private static IEnumerable<string> One(string? text, Func<string, string> sentence) => Said(text) is { } said ? [sentence(said)] : [];

    private static string? Said(string? text) => string.IsNullOrEmpty(text) ? null : Redaction.OneLine(text, LongestText);
}
