using Ungroup.Sandbox.Ecs.Wire;
using Ungroup.Sandbox.Ecs.Worlds;

namespace Ungroup.Sandbox.Ecs.Actions.Writes;

/// <summary>
/// Only `SecurityGroupIds.N` matters here; other attributes are accepted and forgotten.
/// https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-modifyinstanceattribute [MIA]
/// </summary>
internal static class ModifyInstanceAttribute
{
    // The spelling is the service's own.
    private static readonly EcsError MixedTypes = new(
        403, "EnterpriseGroupLimited.MutliGroupType", "An instance cannot be in basic and advanced security groups at once.");

    private static readonly EcsError OtherVpc = new(
        404, "InvalidSecurityGroupVpc.NotBelongToOneVpc", "The security groups and the instance are not in one VPC.");

    public static ActionResult Perform(World world, EcsCall call)
    {
        if (call.Parameters.Given("InstanceId") is not { } id)
        {
            return EcsErrors.Missing("InstanceId");
        }

        if (!ResourceId.IsInstance(id))
        {
            return EcsErrors.MalformedInstance;
        }

        if (world.Inventory.FindInstance(id, call.Account, call.RegionId) is not { } instance)
        {
            return EcsErrors.UnknownInstance;
        }

        if (call.Parameters.Numbered("SecurityGroupIds") is not { Count: > 0 } ids)
        {
            return new ActionResult.Done();
        }

        // That the group change needs Running or Stopped is taken from Leave and Join; its own page does not say. UNVERIFIED
        if (ChangeRules.OfInstance(instance, call.Now - world.StartedAt) is { } refusal)
        {
            return refusal;
        }

        if (!Replacement.TryFind(world, call, instance.Primary, ids, out var groups, out var problem))
        {
            return problem;
        }

        return Replacement.MixesTypes(groups) ? MixedTypes
            : Replacement.LeavesVpc(instance.Primary, groups) ? OtherVpc
            : MembershipChange.To(world, call, instance.Primary, groups);
    }
}
