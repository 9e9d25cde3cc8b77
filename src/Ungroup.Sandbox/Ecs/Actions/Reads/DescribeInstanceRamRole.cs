using Ungroup.Sandbox.Ecs.Actions.Writes;
using Ungroup.Sandbox.Ecs.Wire;

namespace Ungroup.Sandbox.Ecs.Actions.Reads;

/// <summary>
/// The only call that tells an instance's role: DescribeInstances does not have it.
/// https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-describeinstanceramrole [SDK-MODEL]
/// </summary>
internal static class DescribeInstanceRamRole
{
    public static ActionResult Perform(World world, EcsCall call)
    {
        if (!Filters.TryOpen(call, mostResults: 50, out var paging, out var problem)
            || !Filters.TryIds(call, "InstanceIds", out var ids, out problem))
        {
            return problem;
        }

        if (ids is null && call.Parameters.Given("RamRoleName") is null)
        {
            return EcsErrors.Missing("InstanceIds");
        }

        var found = world.Inventory.InstancesIn(call.Account, call.RegionId!)
            .Where(instance => instance.RamRoleName is not null && call.Allows("RamRoleName", instance.RamRoleName))
            .Where(instance => ids is null || ids.Contains(instance.Id));
        var page = paging.PageOf(found, instance => world.PlaceOf(instance.Id));
        return new ActionResult.Done(json =>
        {
            json.WriteString("RegionId", call.RegionId);
            page.Write(json);
            json.WriteList("InstanceRamRoleSets", "InstanceRamRoleSet", page.Items, instance =>
            {
                json.WriteStartObject();
                json.WriteString("InstanceId", instance.Id);
                json.WriteString("RamRoleName", instance.RamRoleName);
                json.WriteEndObject();
            });
        });
    }
}
