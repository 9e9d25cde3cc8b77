namespace Ungroup.Sandbox.Ecs.Worlds.Reading;

/// <summary>Reads one region: groups first, then instances with their primary interfaces, then every other interface.</summary>
internal sealed class RegionReader(RegionScope scope)
{
    private readonly Dictionary<string, Instance> _instances = [];
    private readonly List<NetworkInterface> _interfaces = [];

    public Region Read(ObjectAt json, Place place)
    {
        foreach (var group in json.Objects("securityGroups", "a security group"))
        {
            scope.Add(GroupReader.Read(group, scope));
        }

        var listed = json.Objects("networkInterfaces", "a network interface").SelectMany(one => Many.Of(one, "networkInterfaceId")).Select(ReadInterface).ToList();
        var primaries = listed.Where(one => one.Interface.Type == NetworkInterface.Primary).ToLookup(one => one.Interface.InstanceId);
        foreach (var entry in json.Objects("instances", "an instance").SelectMany(one => Many.Of(one, "instanceId")))
        {
            var instance = ReadInstance(entry, primaries);
            _instances.Add(instance.Id, instance);
        }

        _interfaces.AddRange(listed.Select(Attach));
        json.Done();
        return new Region(place, [.. scope.Groups], [.. _instances.Values], _interfaces);
    }

    private ListedInterface ReadInterface(ObjectAt json)
    {
        var eni = InterfaceReader.Read(json, scope, out var members);
        return new ListedInterface(json, eni, members);
    }

    private Instance ReadInstance(ObjectAt json, ILookup<string?, ListedInterface> primaries)
    {
        var id = scope.Id(json, "instanceId", "instance", "i-…", ResourceId.IsInstance);
        var home = scope.PlaceOf(json);
        var primary = primaries[id].FirstOrDefault();
        var members = SharedGroups(json, scope.GroupsOf(json), primary);
        var vpcId = json.OptionalText("vpcId") ?? members[0].VpcId;
        return InstanceReader.Read(json, home, PrimaryOf(json, id, home, members, vpcId, primary), id, vpcId);
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
        var (address, eip) = (json.OptionalText("privateIpAddress"), json.OptionalText("eipAddress"));
        if (primary is not null)
        {
            var listed = primary.Interface;
            return primary.Interface = listed with
            {
                Membership = membership,
                VpcId = listed.VpcId ?? vpcId,
                PrivateIpAddress = listed.PrivateIpAddress ?? address,
                PublicIpAddress = listed.PublicIpAddress ?? eip,
            };
        }

        var eni = new NetworkInterface($"eni-primary-{id[2..]}", home, membership)
        {
            Type = NetworkInterface.Primary,
            Lifecycle = Lifecycle.Always("InUse"),
            InstanceId = id,
            VpcId = vpcId,
            PrivateIpAddress = address,
            PublicIpAddress = eip,
        };
        scope.Claim(json, eni.Id, "instanceId");
        _interfaces.Add(eni);
        return eni;
    }

    private NetworkInterface Attach(ListedInterface listed)
    {
        var (json, eni) = (listed.Json, listed.Interface);
        if (!HasItsInstance(eni))
        {
            throw json.Refuse(
                $"`instanceId` of {json.What} was {eni.InstanceId ?? "missing"}; expected an instance of region {scope.RegionId}.",
                "instanceId");
        }

        if (eni.Type == NetworkInterface.Primary && _instances[eni.InstanceId!].Primary.Id != eni.Id)
        {
            throw json.Refuse($"{json.What} is a second primary interface of {eni.InstanceId}.", "instanceId");
        }

        return eni.Membership.Groups.Count > 0 ? eni : throw json.Refuse($"{json.What} needs `securityGroupIds`.");
    }

    private bool HasItsInstance(NetworkInterface eni) => eni.InstanceId is null || eni.IsOfContainer
        ? eni.Type != NetworkInterface.Primary
        : _instances.ContainsKey(eni.InstanceId);

    private sealed class ListedInterface(ObjectAt json, NetworkInterface eni, IReadOnlyList<SecurityGroup>? groups)
    {
        public ObjectAt Json { get; } = json;

        public NetworkInterface Interface { get; set; } = eni;

        public IReadOnlyList<SecurityGroup>? Groups { get; } = groups;
    }
}
