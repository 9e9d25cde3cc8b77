using Ungroup.Sandbox.Ecs.Actions.Writes;
using Ungroup.Sandbox.Ecs.Wire;
using Ungroup.Sandbox.Ecs.Worlds;

namespace Ungroup.Sandbox.Ecs.Actions.Reads;

/// <summary>https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-describeinstanceattribute [SDK-MODEL]</summary>
internal static class DescribeInstanceAttribute
{
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

        return world.Inventory.FindInstance(id, call.Account, call.RegionId) is { } instance
            ? new ActionResult.Done(json => json.WriteInstance(world, instance, call.Now))
            : EcsErrors.UnknownInstance;
    }
}
