using Ungroup.Sandbox.Ecs.Wire;
using Ungroup.Sandbox.Ecs.Worlds;

namespace Ungroup.Sandbox.Ecs.Actions.Writes;

/// <summary>
/// Secondary interfaces only; note the singular `SecurityGroupId.N`.
/// https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-modifynetworkinterfaceattribute [MNIA]
/// </summary>
internal static class ModifyNetworkInterfaceAttribute
{
    private static readonly EcsError MalformedId = new(
        400, "InvalidParams.EniId", "The specified parameter \"NetworkInterfaceId\" is not valid.");

    private static readonly EcsError PrimaryInterface = new(
        404,
        "InvalidOperation.PrimaryEniOnlySupportModifyNameAndDesc",
        "Only the name and the description of a primary network interface can be modified.");

    private static readonly EcsError MixedTypes = new(
        403, "InvalidOperation.MultiGroupType", "A network interface cannot be in basic and advanced security groups at once.");

    private static readonly EcsError OtherVpc = new(
        403, "InvalidOperation.VpcMismatch", "The security groups and the network interface are not in one VPC.");

    public static ActionResult Perform(World world, EcsCall call)
    {
        if (call.Parameters.Given("NetworkInterfaceId") is not { } id)
        {
            return EcsErrors.Missing("NetworkInterfaceId");
        }

        if (call.Parameters.Given("RegionId") is null)
        {
            return EcsErrors.MissingRegion;
        }

        if (!ResourceId.IsNetworkInterface(id))
        {
            return MalformedId;
        }

        if (world.Inventory.FindInterface(id, call.Account, call.RegionId) is not { } eni)
        {
            return EcsErrors.UnknownInterface;
        }

        return call.Parameters.Numbered("SecurityGroupId") is { Count: > 0 } ids
            ? Replace(world, call, eni, ids)
            : new ActionResult.Done();
    }

    private static ActionResult Replace(World world, EcsCall call, NetworkInterface eni, IReadOnlyList<string> ids)
    {
        if (eni.Type == NetworkInterface.Primary)
        {
            return PrimaryInterface;
        }

        if (ChangeRules.OfInterface(eni, call.Now - world.StartedAt) is { } refusal)
        {
            return refusal;
        }

        if (!Replacement.TryFind(world, call, eni, ids, out var groups, out var problem))
        {
            return problem;
        }

        return Replacement.MixesTypes(groups) ? MixedTypes
            : Replacement.LeavesVpc(eni, groups) ? OtherVpc
            : MembershipChange.To(world, call, eni, groups);
    }
}
