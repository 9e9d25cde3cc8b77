namespace Ungroup.Sandbox.Ecs.Worlds.Reading;

/// <summary>Reads an interface that the world lists, as it is before it is known to what it is attached.</summary>
internal static class InterfaceReader
{
    public static NetworkInterface Read(ObjectAt json, RegionScope scope, out IReadOnlyList<SecurityGroup>? members)
    {
        var id = scope.Id(json, "networkInterfaceId", "interface", "eni-…", ResourceId.IsNetworkInterface);
        members = scope.GroupsOf(json);
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
            OwnMacAddress = json.OptionalText("macAddress"),
            PrivateIpAddress = json.OptionalText("privateIpAddress"),
            SecondaryPrivateIpAddresses = json.OptionalTexts("secondaryPrivateIpAddresses") ?? [],
            Ipv6Addresses = json.OptionalTexts("ipv6Addresses") ?? [],
            PublicIpAddress = json.OptionalText("publicIpAddress"),
            ConnectionTracking = TrackingOf(json),
            Tags = json.Texts("tags"),
        };
        json.Done();
        return eni;
    }

    private static ConnectionTracking TrackingOf(ObjectAt json)
    {
        if (json.OptionalObject("connectionTracking") is not { } tracking)
        {
            return ConnectionTracking.Default;
        }

        var usual = ConnectionTracking.Default;
        var read = new ConnectionTracking(
            tracking.OptionalNumber("tcpEstablishedTimeout", least: 0) ?? usual.TcpEstablished,
            Within(tracking, "tcpClosedAndTimeWaitTimeout", 3, 15) ?? usual.TcpClosedAndTimeWait,
            Within(tracking, "udpTimeout", 10, 100) ?? usual.Udp);
        tracking.Done();
        return ConnectionTracking.Established.Contains(read.TcpEstablished) ? read : throw tracking.Refuse(
            $"`tcpEstablishedTimeout` was {read.TcpEstablished}; expected one of {string.Join(", ", ConnectionTracking.Established)}.",
            "tcpEstablishedTimeout");
    }

    private static int? Within(ObjectAt json, string name, int least, int most) => json.OptionalNumber(name, least) is not { } seconds ? null
        : seconds <= most ? seconds
        : throw json.Refuse($"`{name}` was {seconds}; expected {least} to {most}.", name);
}
