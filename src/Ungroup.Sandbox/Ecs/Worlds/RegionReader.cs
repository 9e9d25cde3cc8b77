namespace Ungroup.Sandbox.Ecs.Worlds;

/// <summary>Reads one region: groups first, then instances with their primary interfaces, then every other interface.</summary>
internal sealed class RegionReader(RegionScope scope)
{
    // https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-describeinstances [SDK-DOC]
    private static readonly string[] LockReasons = ["financial", "security", "Recycling", "dedicatedhostfinancial", "refunded"];

    private readonly List<Instance> _instances = [];
    private readonly List<NetworkInterface> _interfaces = [];

    public Region Read(ObjectAt json, Place place)
    {
        foreach (var group in json.Objects("securityGroups", "a security group").Select(ReadGroup))
        {
            scope.Add(group);
        }

        var listed = json.Objects("networkInterfaces", "a network interface").Select(ReadInterface).ToList();
        foreach (var instance in json.Objects("instances", "an instance"))
        {
            _instances.Add(ReadInstance(instance, listed));
        }

        _interfaces.AddRange(listed.Select(Attach));
        json.Done();
        return new Region(place, [.. scope.Groups], _instances, _interfaces);
    }

    private SecurityGroup ReadGroup(ObjectAt json)
    {
        var id = scope.Id(json, "securityGroupId", "security group", "sg-…", ResourceId.IsSecurityGroup);
        var group = new SecurityGroup(id, scope.PlaceOf(json))
        {
            Type = json.OneOf("type", [SecurityGroup.Normal, SecurityGroup.Enterprise], SecurityGroup.Normal),
            Name = json.OptionalText("securityGroupName"),
            Description = json.OptionalText("description"),
            VpcId = json.OptionalText("vpcId"),
            ServiceManaged = json.Flag("serviceManaged", otherwise: false),
            Capacity = json.OptionalNumber("capacity", least: 1),
            Tags = json.Texts("tags"),
        };
        json.Done();
        return group;
    }

    private ListedInterface ReadInterface(ObjectAt json)
    {
        var id = scope.Id(json, "networkInterfaceId", "interface", "eni-…", ResourceId.IsNetworkInterface);
        var members = scope.GroupsOf(json);
        var eni = new NetworkInterface(id, scope.PlaceOf(json), new Membership(members ?? []))
        {
            Type = json.OneOf("type", [NetworkInterface.Primary, NetworkInterface.Secondary], NetworkInterface.Secondary),
            Lifecycle = RegionScope.LifecycleOf(json, Lifecycle.OfNetworkInterfaces, "InUse"),
            Name = json.OptionalText("networkInterfaceName"),
            InstanceId = json.OptionalText("instanceId"),
            ServiceManaged = json.Flag("serviceManaged", otherwise: false),
            VpcId = json.OptionalText("vpcId") ?? (members is [var first, ..] ? first.VpcId : null),
            VSwitchId = json.OptionalText("vSwitchId"),
            ZoneId = json.OptionalText("zoneId"),
            PrivateIpAddress = json.OptionalText("privateIpAddress"),
            Tags = json.Texts("tags"),
        };
        json.Done();
        return new ListedInterface(json, eni, members);
    }

    private Instance ReadInstance(ObjectAt json, IReadOnlyList<ListedInterface> listed)
    {
        var id = scope.Id(json, "instanceId", "instance", "i-…", ResourceId.IsInstance);
        var home = scope.PlaceOf(json);
        var primary = listed.FirstOrDefault(eni => eni.IsPrimaryOf(id));
        var members = SharedGroups(json, scope.GroupsOf(json), primary);
        var vpcId = json.OptionalText("vpcId") ?? members[0].VpcId;
        var instance = new Instance(id, home, PrimaryOf(json, id, home, members, vpcId, primary))
        {
            Lifecycle = RegionScope.LifecycleOf(json, Lifecycle.OfInstances, "Running"),
            Name = json.OptionalText("instanceName"),
            ZoneId = json.OptionalText("zoneId"),
            VpcId = vpcId,
            VSwitchId = json.OptionalText("vSwitchId"),
            PrivateIpAddress = json.OptionalText("privateIpAddress"),
            Locks = Locks(json),
            Tags = json.Texts("tags"),
        };
        json.Done();
        return instance;
    }

    private static IReadOnlyList<SecurityGroup> SharedGroups(ObjectAt json, IReadOnlyList<SecurityGroup>? own, ListedInterface? primary)
    {
        if (own is not null && primary?.Groups is { } other && !own.ToHashSet().SetEquals(other))
        {
            throw json.Refuse(
                $"{json.What} and its primary interface {primary.Interface.Id} share one membership, but their `securityGroupIds` differ.",
                "securityGroupIds");
        }

        return own ?? primary?.Groups ?? throw json.Refuse($"{json.What} needs `securityGroupIds`.");
    }

    // An instance always has a primary interface; one that the file does not list gets an id made from the instance's.
    private NetworkInterface PrimaryOf(
        ObjectAt json, string id, Place home, IReadOnlyList<SecurityGroup> members, string? vpcId, ListedInterface? primary)
    {
        var membership = new Membership(members);
        if (primary is not null)
        {
            return primary.Interface = primary.Interface with { Membership = membership, VpcId = primary.Interface.VpcId ?? vpcId };
        }

        var eni = new NetworkInterface($"eni-primary-{id[2..]}", home, membership)
        {
            Type = NetworkInterface.Primary,
            Lifecycle = new Lifecycle("InUse", Becomes: null, TimeSpan.Zero),
            InstanceId = id,
            VpcId = vpcId,
        };
        scope.Claim(json, eni.Id, "instanceId");
        _interfaces.Add(eni);
        return eni;
    }

    private NetworkInterface Attach(ListedInterface listed)
    {
        var (json, eni) = (listed.Json, listed.Interface);
        if (eni.InstanceId is null ? eni.Type == NetworkInterface.Primary : !_instances.Exists(instance => instance.Id == eni.InstanceId))
        {
            throw json.Refuse(
                $"`instanceId` of {json.What} was {eni.InstanceId ?? "missing"}; expected an instance of region {scope.RegionId}.",
                "instanceId");
        }

        if (eni.Type == NetworkInterface.Primary && !_instances.Exists(instance => instance.Primary.Id == eni.Id))
        {
            throw json.Refuse($"{json.What} is a second primary interface of {eni.InstanceId}.", "instanceId");
        }

        return eni.Membership.Groups.Count > 0 ? eni : throw json.Refuse($"{json.What} needs `securityGroupIds`.");
    }

    private static IReadOnlyList<string> Locks(ObjectAt json)
    {
        var locks = json.OptionalTexts("locks") ?? [];
        return locks.FirstOrDefault(reason => !LockReasons.Contains(reason)) is { } unknown
            ? throw json.Refuse($"`locks` of {json.What} had `{unknown}`; expected some of {string.Join(", ", LockReasons)}.", "locks")
            : locks;
    }

    private sealed class ListedInterface(ObjectAt json, NetworkInterface eni, IReadOnlyList<SecurityGroup>? groups)
    {
        public ObjectAt Json { get; } = json;

        public NetworkInterface Interface { get; set; } = eni;

        public IReadOnlyList<SecurityGroup>? Groups { get; } = groups;

        public bool IsPrimaryOf(string instanceId) =>
            Interface.Type == NetworkInterface.Primary && Interface.InstanceId == instanceId;
    }
}
