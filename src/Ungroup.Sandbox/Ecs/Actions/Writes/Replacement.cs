using System.Diagnostics.CodeAnalysis;
using Ungroup.Sandbox.Ecs.Wire;
using Ungroup.Sandbox.Ecs.Worlds;

namespace Ungroup.Sandbox.Ecs.Actions.Writes;

/// <summary>The full list that the two Modify actions put in the place of the old one (sheet 2.1, 2.2). [MIA][MNIA]</summary>
internal static class Replacement
{
    public static bool TryFind(
        World world,
        EcsCall call,
        NetworkInterface eni,
        IReadOnlyList<string> ids,
        out List<SecurityGroup> groups,
        [NotNullWhen(false)] out EcsError? problem)
    {
        groups = [.. ids.Select(id => world.Inventory.FindGroup(id, call.Account, eni.Place.RegionId)).OfType<SecurityGroup>()];
        var wanted = groups;
        var current = eni.Membership.Groups;
        problem = ids.Distinct().Count() != ids.Count ? EcsErrors.RepeatedGroup
            : ids.Count > world.Limits.GroupsPerInterface ? EcsErrors.TooManyGroups
            : groups.Count != ids.Count ? EcsErrors.UnknownGroup
            : current.Except(wanted).Concat(wanted.Except(current)).Any(group => group.ServiceManaged) ? EcsErrors.ManagedGroup
            : groups.Any(group => !current.Contains(group) && ChangeRules.IsFull(world, group, eni)) ? EcsErrors.GroupFull
            : null;
        return problem is null;
    }

    public static bool MixesTypes(IEnumerable<SecurityGroup> groups) => groups.Select(group => group.Type).Distinct().Count() > 1;

    public static bool LeavesVpc(NetworkInterface eni, IEnumerable<SecurityGroup> groups) =>
        groups.Any(group => !ChangeRules.SameVpc(eni.VpcId, group.VpcId));
}
