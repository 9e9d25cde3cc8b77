using System.Text.Json;
using Ungroup.Sandbox.Ecs.Wire;
using Ungroup.Sandbox.Ecs.Worlds;

namespace Ungroup.Sandbox.Ecs.Actions.Reads;

/// <summary>https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-describesecuritygroups [SDK-MODEL]</summary>
internal static class DescribeSecurityGroups
{
    public static ActionResult Perform(World world, EcsCall call)
    {
        if (!Filters.TryOpen(call, mostResults: 100, out var paging, out var problem)
            || !Filters.TryIds(call, "SecurityGroupIds", out var ids, out problem))
        {
            return problem;
        }

        var found = world.Inventory.GroupsIn(call.Account, call.RegionId!)
            .Where(group => ids is null || ids.Contains(group.Id))
            .Where(group => call.Allows("SecurityGroupId", group.Id))
            .Where(group => call.Allows("SecurityGroupName", group.Name ?? group.Id))
            .Where(group => call.Allows("SecurityGroupType", group.Type))
            .Where(group => call.Allows("VpcId", group.VpcId))
            .Where(group => call.AllowsFlag("ServiceManaged", group.ServiceManaged))
            .Where(group => call.AllowsTags(group.Tags));
        var page = paging.PageOf(found, group => world.PlaceOf(group.Id));
        return new ActionResult.Done(json =>
        {
            json.WriteString("RegionId", call.RegionId);
            page.Write(json);
            json.WriteList("SecurityGroups", "SecurityGroup", page.Items, group => Write(json, world, group));
        });
    }

    private static void Write(Utf8JsonWriter json, World world, SecurityGroup group)
    {
        json.WriteStartObject();
        json.WriteString("SecurityGroupId", group.Id);
        json.WriteString("SecurityGroupName", group.Name ?? group.Id);
        json.WriteString("SecurityGroupType", group.Type);
        json.WriteString("VpcId", group.VpcId ?? "");
        json.WriteBoolean("ServiceManaged", group.ServiceManaged);
        json.WriteNumber("ServiceID", 0);
        json.WriteString("Description", group.Description ?? "");
        json.WriteString("ResourceGroupId", "");
        json.WriteString("CreationTime", "2026-01-02T03:04:05Z");
        json.WriteNumber("EcsCount", world.Inventory.MembersOf(group).Count());
        json.WriteNumber("AvailableInstanceAmount", Math.Max(0, group.Capacity - world.Inventory.RoomTaken(group)));
        json.WriteNumber("RuleCount", group.Rules.Count);
        json.WriteNumber("GroupToGroupRuleCount", group.Rules.Count(rule => rule.GroupId is not null));
        json.WriteTags(group.Tags);
        json.WriteEndObject();
    }
}
