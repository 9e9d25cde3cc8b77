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

    /// <summary>An id of a resource that can be in groups.</summary>
    public static bool IsMember(string id) => IsInstance(id) || IsNetworkInterface(id);

    /// <summary>An id of a resource that an interface can be attached to.</summary>
    public static bool IsHost(string id) => IsInstance(id) || IsContainerGroup(id);

    /// <summary>Whether a call could name it, be it in this world or not.</summary>
    public static bool HasForm(string id) => IsInstance(id) || IsNetworkInterface(id) || IsSecurityGroup(id);

    private static bool HasForm(string id, string prefix) =>
        id.StartsWith(prefix, StringComparison.Ordinal)
        && id.Length > prefix.Length
        && !id.AsSpan(prefix.Length).ContainsAnyExcept(Allowed);
}
