using Ungroup.Sandbox.Ecs.Worlds;
using Ungroup.Sandbox.Ecs.Worlds.Reading;

namespace Ungroup.Sandbox.Ecs.Changes;

/// <summary>Reads a change as the world file and `POST /_sim/changes` write it.</summary>
internal sealed class ChangeReader(World world, bool mayBeMade = false)
{
    private static readonly string[] Kinds = ["join", "leave", "set", "attach", "detach", "delete", "status", "locks", "tags", "group", "rules"];

    public (WorldChange Change, Trigger? Trigger) Read(ObjectAt json)
    {
        var kind = json.OneOf("kind", Kinds);
        json.What = $"change `{kind}`";
        var change = kind switch
        {
            "join" or "leave" or "set" => Membership(json, kind),
            "attach" or "detach" => Attachment(json, kind),
            "group" => NewGroup(json),
            "rules" => Rules(json),
            "status" => Status(json),
            "locks" => Locks(json),
            "tags" => Tags(json),
            _ => Deletion(json),
        };
        var trigger = Trigger.Read(json, world.Knows);
        json.Done();
        return (change, trigger);
    }

    private static WorldChange Membership(ObjectAt json, string kind)
    {
        var resource = Id(json, "resource", ResourceId.IsMember, "i-… or eni-…");
        if (kind == "set")
        {
            var wanted = json.OptionalTexts("securityGroupIds") is { Count: > 0 } ids && ids.Distinct().Count() == ids.Count
                ? ids
                : throw json.Refuse($"`securityGroupIds` of {json.What} must name at least one group, and none twice.", "securityGroupIds");
            return new(kind, resource, (world, now) => Edits.Set(world, resource, _ => wanted, now));
        }

        var group = Id(json, "securityGroupId", ResourceId.IsSecurityGroup, "sg-…");
        return new(kind, resource, (world, now) => Edits.Set(
            world, resource, groups => kind == "join" ? groups.Append(group).Distinct() : groups.Where(id => id != group), now));
    }

    private WorldChange Attachment(ObjectAt json, string kind)
    {
        if (kind == "attach" && json.OptionalObject("networkInterface") is { } made)
        {
            return NewInterface(json, made);
        }

        var eni = Id(json, "networkInterfaceId", ResourceId.IsNetworkInterface, "eni-…");
        if (kind == "detach")
        {
            return new(kind, eni, (world, _) => Edits.Detach(world, eni));
        }

        var host = Id(json, "instanceId", ResourceId.IsHost, "i-… or eci-…");
        return new(kind, eni, (world, _) => Edits.Attach(world, eni, host));
    }

    private WorldChange NewInterface(ObjectAt json, ObjectAt made)
    {
        var region = RegionOf(json);
        var eni = InterfaceReader.Read(made, ScopeOf(region), out var members);
        if (members is null || eni.Type == NetworkInterface.Primary)
        {
            throw made.Refuse($"{made.What} needs `securityGroupIds`, and is a secondary one.");
        }

        return new("attach", eni.Id, (world, _) => Edits.Add(world, region, eni));
    }

    private WorldChange NewGroup(ObjectAt json)
    {
        var region = RegionOf(json);
        var group = GroupReader.Read(json.OptionalObject("securityGroup") ?? throw json.Refuse($"{json.What} needs `securityGroup`."), ScopeOf(region));
        return new("group", group.Id, (world, _) => Edits.Add(world, region, group));
    }

    private static WorldChange Rules(ObjectAt json)
    {
        var id = Id(json, "securityGroupId", ResourceId.IsSecurityGroup, "sg-…");
        var policy = json.OptionalText("innerAccessPolicy") is null ? null : GroupReader.PolicyOf(json, SecurityGroup.Accept);
        var rules = GroupReader.RulesOf(json, id);
        return new("rules", id, (world, _) => Edits.SetRules(world, id, policy, rules));
    }

    private static WorldChange Status(ObjectAt json)
    {
        var id = Id(json, "resource", ResourceId.IsMember, "i-… or eni-…");
        var status = json.OneOf("status", ResourceId.IsInstance(id) ? Lifecycle.OfInstances : Lifecycle.OfNetworkInterfaces);
        return new("status", id, (world, _) => Edits.SetStatus(world, id, status));
    }

    private static WorldChange Locks(ObjectAt json)
    {
        var id = Id(json, "resource", ResourceId.IsInstance, "i-…");
        var locks = InstanceReader.LocksOf(json);
        return new("locks", id, (world, _) => Edits.SetLocks(world, id, locks));
    }

    private static WorldChange Tags(ObjectAt json)
    {
        var id = Id(json, "resource", ResourceId.IsMember, "i-… or eni-…");
        var tags = json.Texts("tags");
        return new("tags", id, (world, _) => Edits.SetTags(world, id, tags));
    }

    private static WorldChange Deletion(ObjectAt json)
    {
        var id = Id(json, "resource", ResourceId.HasForm, "i-…, eni-… or sg-…");
        return new("delete", id, (world, _) => Edits.Delete(world, id));
    }

    // A new object comes into being in the first region, unless another is named.
    private Region RegionOf(ObjectAt json)
    {
        var id = json.OneOf("regionId", world.RegionIds, otherwise: world.RegionIds is [var first, ..] ? first : null);
        return world.Regions.First(region => region.Place.RegionId == id);
    }

    private RegionScope ScopeOf(Region region)
    {
        var scope = new RegionScope(region.Place, json => WorldReader.OwnerOf(json, world.Accounts, region.Place.Account), (json, id, member) =>
        {
            // In a world that goes on, what a change brings about may have come about.
            if (!mayBeMade && world.Knows(id))
            {
                throw json.Refuse($"{id} is in this world already.", member);
            }
        });
        foreach (var group in region.Groups)
        {
            scope.Add(group);
        }

        return scope;
    }

    private static string Id(ObjectAt json, string member, Predicate<string> hasForm, string form)
    {
        var id = json.Text(member);
        return hasForm(id) ? id : throw json.Refuse($"`{member}` of {json.What} was `{id}`; expected {form}.", member);
    }
}
