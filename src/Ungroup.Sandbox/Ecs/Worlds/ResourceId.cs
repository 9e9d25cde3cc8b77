using System.Buffers;

namespace Ungroup.Sandbox.Ecs.Worlds;

/// <summary>The forms of id the simulator knows. Anything else is malformed before it is unknown.</summary>
internal static class ResourceId
{
    private static readonly SearchValues<char> Allowed = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    public static bool IsInstance(string id) => HasForm(id, "i-");

    public static bool IsNetworkInterface(string id) => HasForm(id, "eni-");

    /// <summary>Of an elastic container instance: what an interface may be attached to, and nothing the simulator holds itself.</summary>
    public static bool IsContainerGroup(string id) => HasForm(id, "eci-");

    public static bool IsSecurityGroup(string id) => HasForm(id, "sg-");

    private static bool HasForm(string id, string prefix) =>
        id.StartsWith(prefix, StringComparison.Ordinal)
        && id.Length > prefix.Length
        && !id.AsSpan(prefix.Length).ContainsAnyExcept(Allowed);
}
