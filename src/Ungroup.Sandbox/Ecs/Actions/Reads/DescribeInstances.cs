using Ungroup.Sandbox.Ecs.Wire;

namespace Ungroup.Sandbox.Ecs.Actions.Reads;

/// <summary>https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-describeinstances [SDK-MODEL]</summary>
internal static class DescribeInstances
{
    public static ActionResult Perform(World world, EcsCall call)
    {
        if (!Filters.TryOpen(call, mostResults: 100, out var paging, out var problem)
            || !Filters.TryIds(call, "InstanceIds", out var ids, out problem))
        {
            return problem;
        }

        var found = world.Inventory.InstancesIn(call.Account, call.RegionId!, ids)
            .Where(instance => call.AllowsGroup(instance.Primary.Membership))
            .Where(instance => call.Allows("Status", instance.Lifecycle.At(call.Now - world.StartedAt)))
            .Where(instance => call.Allows("InstanceName", instance.Name ?? instance.Id))
            .Where(instance => call.Allows("VpcId", instance.VpcId))
            .Where(instance => call.Allows("ZoneId", instance.ZoneId))
            .Where(instance => call.AllowsTags(instance.Tags));
        var page = paging.PageOf(found, instance => world.PlaceOf(instance.Id));
        var shown = page.Items.Select(instance => instance.Id).ToHashSet();
        var attached = world.Inventory.InterfacesIn(call.Account, call.RegionId!).Where(eni => eni.InstanceId is { } host && shown.Contains(host)).ToLookup(eni => eni.InstanceId!);
        return new ActionResult.Done(json =>
        {
            page.Write(json);
            json.WriteList("Instances", "Instance", page.Items, instance =>
            {
                json.WriteStartObject();
                json.WriteInstance(world, instance, call.Now);
                json.WriteRelease(instance.Release);
                json.WriteInterfaces(attached[instance.Id]);
                json.WriteTags(instance.Tags);
                json.WriteEndObject();
            });
        });
    }
}
