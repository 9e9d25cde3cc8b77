using Ungroup.Sandbox.Ecs.Actions.Writes;
using Ungroup.Sandbox.Ecs.Wire;
using Ungroup.Sandbox.Ecs.Worlds;

namespace Ungroup.Sandbox.Ecs.Actions.Reads;

/// <summary>https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-describenetworkinterfaces [SDK-DOC]</summary>
internal static class DescribeNetworkInterfaces
{
    private const int MostIds = 100;

    public static ActionResult Perform(World world, EcsCall call)
    {
        if (!Filters.TryOpen(call, mostResults: 500, out var paging, out var problem))
        {
            return problem;
        }

        var ids = call.Parameters.Numbered("NetworkInterfaceId");
        if (ids.Count > MostIds)
        {
            return EcsErrors.Invalid("NetworkInterfaceId");
        }

        var found = world.Inventory.InterfacesIn(call.Account, call.RegionId!, ids.Count == 0 ? null : ids)
            .Where(eni => call.Allows("InstanceId", eni.ServiceManaged ? null : eni.InstanceId))
            .Where(eni => call.Allows("Type", eni.Type))
            .Where(eni => call.Allows("Status", eni.Lifecycle.At(call.Now - world.StartedAt)))
            .Where(eni => call.Allows("VpcId", eni.VpcId))
            .Where(eni => call.AllowsFlag("ServiceManaged", eni.ServiceManaged))
            .Where(eni => AllowsGroup(call, eni))
            .Where(eni => call.AllowsTags(eni.Tags));
        var page = paging.PageOf(found, eni => world.PlaceOf(eni.Id));
        return new ActionResult.Done(json =>
        {
            page.Write(json);
            json.WriteList("NetworkInterfaceSets", "NetworkInterfaceSet", page.Items, eni =>
            {
                json.WriteStartObject();
                json.WriteInterface(world, eni, call.Now);
                json.WriteEndObject();
            });
        });
    }

    // The filter by group matches secondary interfaces only; for primary ones the page sends you to DescribeInstances. [SDK-DOC]
    private static bool AllowsGroup(EcsCall call, NetworkInterface eni) =>
        call.Parameters.Given("SecurityGroupId") is null
        || (eni.Type == NetworkInterface.Secondary && call.AllowsGroup(eni.Membership));
}
