using Ungroup.Sandbox.Ecs.Worlds;

namespace Ungroup.Sandbox.Ecs.Changes;

/// <summary>
/// Changes by others to the resources of a world. They are held to what is always so, such as one group at least, and not to what
/// ECS would tell a caller. Each answers null, or why it cannot be done.
/// </summary>
internal static class Edits
{
    /// <summary>The name of others, where a call's action stands otherwise.</summary>
    public const string Others = "others";

    public static string? Set(World world, string resource, Func<IEnumerable<string>, IEnumerable<string>> wanted, DateTimeOffset now)
    {
        if (world.Inventory.InterfaceOf(resource) is not { } eni)
        {
            return Unknown(resource);
        }

        var ids = wanted(eni.Membership.Groups.Select(group => group.Id)).ToList();
        if (ids.Count == 0)
        {
            return $"{resource} would be in no group; nothing ever is.";
        }

        var groups = new List<SecurityGroup>();
        foreach (var id in ids)
        {
            if (world.Inventory.FindGroup(id, eni.Place.Account, eni.Place.RegionId) is not { } group)
            {
                return Unknown(id);
            }

            groups.Add(group);
        }

        world.SetGroups(eni, groups, now, Others);
        return null;
    }

    public static string? Attach(World world, string id, string host)
    {
        if (world.Inventory.InterfaceOf(id) is not { } eni)
        {
            return Unknown(id);
        }

        if (eni.Type == NetworkInterface.Primary)
        {
            return $"{id} is the primary interface of {eni.InstanceId}; it stays there.";
        }

        if (ResourceId.IsInstance(host) && world.Inventory.FindInstance(host, eni.Place.Account, eni.Place.RegionId) is null)
        {
            return Unknown(host);
        }

        (eni.InstanceId, eni.Lifecycle) = (host, Lifecycle.Always("InUse"));
        return null;
    }

    public static string? Detach(World world, string id)
    {
        if (world.Inventory.InterfaceOf(id) is not { } eni)
        {
            return Unknown(id);
        }

        if (eni.Type == NetworkInterface.Primary)
        {
            return $"{id} is the primary interface of {eni.InstanceId}; it stays there.";
        }

        (eni.InstanceId, eni.Lifecycle) = (null, Lifecycle.Always("Available"));
        return null;
    }

    public static string? Add(World world, Region region, NetworkInterface eni)
    {
        if (world.Knows(eni.Id))
        {
            return $"{eni.Id} is in this world already.";
        }

        if (eni.InstanceId is { } host && !eni.IsOfContainer && world.Inventory.FindInstance(host, eni.Place.Account, eni.Place.RegionId) is null)
        {
            return Unknown(host);
        }

        region.Interfaces = [.. region.Interfaces, eni];
        world.Reindex();
        return null;
    }

    public static string? Add(World world, Region region, SecurityGroup group)
    {
        if (world.Knows(group.Id))
        {
            return $"{group.Id} is in this world already.";
        }

        region.Groups = [.. region.Groups, group];
        world.Reindex();
        return null;
    }

    public static string? SetRules(World world, string id, string? policy, IReadOnlyList<GroupRule> rules)
    {
        if (!world.Inventory.Groups.TryGetValue(id, out var group))
        {
            return Unknown(id);
        }

        (group.InnerAccessPolicy, group.Rules) = (policy ?? group.InnerAccessPolicy, rules);
        return null;
    }

    public static string? SetStatus(World world, string id, string status)
    {
        if (world.Inventory.Instances.TryGetValue(id, out var instance))
        {
            instance.Lifecycle = Lifecycle.Always(status);
            return null;
        }

        if (world.Inventory.Interfaces.TryGetValue(id, out var eni))
        {
            eni.Lifecycle = Lifecycle.Always(status);
            return null;
        }

        return Unknown(id);
    }

    public static string? SetLocks(World world, string id, IReadOnlyList<string> locks)
    {
        if (!world.Inventory.Instances.TryGetValue(id, out var instance))
        {
            return Unknown(id);
        }

        instance.Locks = locks;
        return null;
    }

    public static string? SetTags(World world, string id, IReadOnlyDictionary<string, string> tags)
    {
        if (world.Inventory.Instances.TryGetValue(id, out var instance))
        {
            instance.Tags = tags;
            return null;
        }

        if (world.Inventory.Interfaces.TryGetValue(id, out var eni))
        {
            eni.Tags = tags;
            return null;
        }

        return Unknown(id);
    }

    /// <summary>A group goes when it is empty. An instance goes with its primary interface and leaves the others behind.</summary>
    public static string? Delete(World world, string id)
    {
        var (groups, instances, interfaces) = (world.Inventory.Groups, world.Inventory.Instances, world.Inventory.Interfaces);
        if (groups.TryGetValue(id, out var group) && world.Inventory.MembersOf(group).FirstOrDefault() is { } member)
        {
            return $"{id} still has members, such as {member.Id}; ECS deletes no such group.";
        }

        if (interfaces.TryGetValue(id, out var eni) && eni.Type == NetworkInterface.Primary)
        {
            return $"{id} is the primary interface of {eni.InstanceId}; it goes with its instance.";
        }

        if (instances.ContainsKey(id))
        {
            foreach (var left in interfaces.Values.Where(other => other.InstanceId == id && other.Type != NetworkInterface.Primary))
            {
                Detach(world, left.Id);
            }
        }

        foreach (var region in world.Regions)
        {
            region.Groups = [.. region.Groups.Where(other => other.Id != id)];
            region.Interfaces = [.. region.Interfaces.Where(other => other.Id != id && other.InstanceId != id)];
            region.Instances = [.. region.Instances.Where(other => other.Id != id)];
        }

        var known = world.Knows(id);
        world.Reindex();
        return known ? null : Unknown(id);
    }

    private static string Unknown(string id) => $"This world has no {id}.";
}
