using Ungroup.Sandbox.Ecs.Actions.Writes;
using Ungroup.Sandbox.Ecs.Wire;
using Ungroup.Sandbox.Ecs.Worlds;

namespace Ungroup.Sandbox.Ecs.Actions.Reads;

/// <summary>
/// https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-describenetworkinterfaceattribute [SDK-MODEL]
/// </summary>
internal static class DescribeNetworkInterfaceAttribute
{
    public static ActionResult Perform(World world, EcsCall call)
    {
        if (call.RegionId is null)
        {
            return EcsErrors.MissingRegion;
        }

        if (call.Parameters.Given("NetworkInterfaceId") is not { } id)
        {
            return EcsErrors.Missing("NetworkInterfaceId");
        }

        if (!ResourceId.IsNetworkInterface(id))
        {
            return EcsErrors.Malformed("NetworkInterfaceId");
        }

        return world.Inventory.FindInterface(id, call.Account, call.RegionId) is { } eni
            ? new ActionResult.Done(json => json.WriteInterface(world, eni, call.Now))
            : EcsErrors.UnknownInterface;
    }
}
