using System.Globalization;
using System.Text.Json;
using Ungroup.Sandbox.Ecs.Actions.Writes;
using Ungroup.Sandbox.Ecs.Wire;
using Ungroup.Sandbox.Ecs.Worlds;

namespace Ungroup.Sandbox.Ecs.Actions.Reads;

/// <summary>
/// A group's rules. Its type is not among the answer; that is DescribeSecurityGroups' to say.
/// https://help.aliyun.com/document_detail/25555.html
/// </summary>
internal static class DescribeSecurityGroupAttribute
{
    private const int MostResults = 1000;
    private const int UsualResults = 500;

    private static readonly EcsError WrongDirection = new(
        400, "InvalidDirection.ValueNotSupported", "The specified parameter \"Direction\" is not valid.");

    public static ActionResult Perform(World world, EcsCall call)
    {
        if (call.RegionId is null)
        {
            return EcsErrors.MissingRegion;
        }

        if (call.Parameters.Given("SecurityGroupId") is not { } id)
        {
            return EcsErrors.Missing("SecurityGroupId");
        }

        var direction = call.Parameters.Given("Direction") ?? "all";
        if (direction is not ("all" or GroupRule.Ingress or GroupRule.Egress))
        {
            return WrongDirection;
        }

        if (Paging.ReadTokens(call, MostResults, UsualResults) is not { } paging)
        {
            return EcsErrors.InvalidPage(call);
        }

        return world.Inventory.FindGroup(id, call.Account, call.RegionId) is { } group
            ? new ActionResult.Done(json => Write(json, group, paging.PageOf(group.Rules.Index().Where(rule => direction is "all" || rule.Item.Direction == direction), rule => rule.Index)))
            : EcsErrors.UnknownGroup;
    }

    private static void Write(Utf8JsonWriter json, SecurityGroup group, Page<(int Index, GroupRule Item)> page)
    {
        json.WriteString("RegionId", group.Place.RegionId);
        json.WriteString("SecurityGroupId", group.Id);
        json.WriteString("SecurityGroupName", group.Name ?? group.Id);
        json.WriteString("Description", group.Description ?? "");
        json.WriteString("VpcId", group.VpcId ?? "");
        json.WriteString("InnerAccessPolicy", group.InnerAccessPolicy);
        json.WriteString("NextToken", page.NextToken);
        json.WriteList("Permissions", "Permission", page.Items.Select(one => one.Item), rule =>
        {
            json.WriteStartObject();
            Write(json, rule);
            json.WriteEndObject();
        });
    }

    // A member that a rule lacks is an empty text, and the priority is a text too. [SDK-MODEL]
    private static void Write(Utf8JsonWriter json, GroupRule rule)
    {
        json.WriteString("SecurityGroupRuleId", rule.Id);
        json.WriteString("Direction", rule.Direction);
        json.WriteString("Policy", rule.Policy);
        json.WriteString("IpProtocol", rule.IpProtocol);
        json.WriteString("PortRange", rule.PortRange);
        json.WriteString("Priority", rule.Priority.ToString(CultureInfo.InvariantCulture));
        json.WriteString("NicType", "intranet");
        json.WriteString("Description", rule.Description ?? "");
        json.WriteString("CreateTime", "2026-01-02T03:04:05Z");
        json.WriteString("SourcePortRange", "");
        foreach (var side in (ReadOnlySpan<string>)["Source", "Dest"])
        {
            var own = side == rule.Side;
            json.WriteString($"{side}CidrIp", own ? rule.CidrIp ?? "" : "");
            json.WriteString($"Ipv6{side}CidrIp", own ? rule.Ipv6CidrIp ?? "" : "");
            json.WriteString($"{side}GroupId", own ? rule.GroupId ?? "" : "");
            json.WriteString($"{side}GroupName", "");
            json.WriteString($"{side}GroupOwnerAccount", "");
            json.WriteString($"{side}PrefixListId", own ? rule.PrefixListId ?? "" : "");
            json.WriteString($"{side}PrefixListName", "");
        }
    }
}
