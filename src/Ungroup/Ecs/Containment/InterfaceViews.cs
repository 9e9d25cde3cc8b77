using Ungroup.Ecs.Changes;
using Ungroup.Messages;

namespace Ungroup.Ecs.Containment;

/// <summary>An interface as outcomes tell of it.</summary>
internal static class InterfaceViews
{
    public static InterfaceOutcome Told(InterfaceView seen, IReadOnlyList<string> before, IReadOnlyList<string>? after, string status) => new()
    {
        Resource = seen.Resource,
        GroupsBefore = Membership.Evidence(before),
        GroupsAfter = Membership.Evidence(after),
        Status = status,
        NetworkInterfaceId = seen.NetworkInterfaceId,
        MacAddress = seen.MacAddress,
        Addresses = seen.Addresses.Count > 0 ? seen.Addresses : null,
        VpcId = seen.VpcId,
    };
}
