using Ungroup.Sandbox.Ecs.Wire;

namespace Ungroup.Sandbox.Ecs.Actions.Writes;

/// <summary>https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-leavesecuritygroup [LSG-EN]</summary>
internal static class LeaveSecurityGroup
{
    public static ActionResult Perform(World world, EcsCall call)
    {
        if (!Edge.TryFind(world, call, out var edge, out var problem))
        {
            return problem;
        }

        if (edge.RefusesChange(world, call.Now) is { } refusal)
        {
            return refusal;
        }

        var groups = edge.Interface.Membership.Groups;
        if (!groups.Contains(edge.Group))
        {
            return EcsErrors.NotAssociated;
        }

        if (groups.Count == 1)
        {
            return edge.Instance is null ? EcsErrors.LastGroupOfInterface : EcsErrors.LastGroupOfInstance;
        }

        world.Leaves.Count(edge.ResourceId, edge.Group.Id);
        return MembershipChange.To(world, call, edge.Interface, [.. groups.Where(group => group != edge.Group)]);
    }
}
