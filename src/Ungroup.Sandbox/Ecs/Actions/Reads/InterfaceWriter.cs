using System.Text.Json;
using Ungroup.Sandbox.Ecs.Worlds;

namespace Ungroup.Sandbox.Ecs.Actions.Reads;

/// <summary>An interface as DescribeNetworkInterfaces and DescribeNetworkInterfaceAttribute show it (sheet 2.4). [SDK-MODEL]</summary>
internal static class InterfaceWriter
{
    public static void WriteInterface(this Utf8JsonWriter json, World world, NetworkInterface eni, DateTimeOffset now)
    {
        // Service-managed interfaces do not say whose they are. [SDK-DOC]
        var instanceId = eni.ServiceManaged ? "" : eni.InstanceId ?? "";
        json.WriteString("NetworkInterfaceId", eni.Id);
        json.WriteString("NetworkInterfaceName", eni.Name ?? "");
        json.WriteString("Type", eni.Type);
        json.WriteString("Status", eni.Lifecycle.At(now - world.StartedAt));
        json.WriteString("InstanceId", instanceId);
        json.WriteString("VpcId", eni.VpcId ?? "");
        json.WriteString("VSwitchId", eni.VSwitchId ?? "");
        json.WriteString("ZoneId", eni.ZoneId ?? $"{eni.Place.RegionId}-a");
        json.WriteString("MacAddress", eni.MacAddress);
        json.WriteString("PrivateIpAddress", eni.PrivateIpAddress ?? "");
        json.WriteAddresses(eni);
        json.WriteStartObject("AssociatedPublicIp");
        if (eni.PublicIpAddress is { } address)
        {
            json.WriteString("PublicIpAddress", address);
            json.WriteString("AllocationId", InstanceWriter.Allocation(address));
        }

        json.WriteEndObject();
        json.WriteStartObject("ConnectionTrackingConfiguration");
        json.WriteNumber("TcpEstablishedTimeout", eni.ConnectionTracking.TcpEstablished);
        json.WriteNumber("TcpClosedAndTimeWaitTimeout", eni.ConnectionTracking.TcpClosedAndTimeWait);
        json.WriteNumber("UdpTimeout", eni.ConnectionTracking.Udp);
        json.WriteEndObject();
        json.WriteString("Description", "");
        json.WriteString("ResourceGroupId", "");
        json.WriteString("CreationTime", "2026-01-02T03:04:05Z");
        json.WriteBoolean("ServiceManaged", eni.ServiceManaged);
        json.WriteNumber("ServiceID", 0);
        json.WriteString("OwnerId", eni.Place.Account.AccountId);
        json.WriteGroupIds(eni.Membership.ShownAt(now));
        if (instanceId.Length > 0)
        {
            json.WriteStartObject("Attachment");
            json.WriteString("InstanceId", instanceId);
            json.WriteNumber("DeviceIndex", eni.Type == NetworkInterface.Primary ? 0 : 1);
            json.WriteString("TrunkNetworkInterfaceId", "");
            json.WriteEndObject();
        }

        json.WriteTags(eni.Tags);
    }

    /// <summary>Every private address, the primary one first.</summary>
    public static void WriteAddresses(this Utf8JsonWriter json, NetworkInterface eni)
    {
        json.WriteList("PrivateIpSets", "PrivateIpSet", eni.PrivateAddresses, address =>
        {
            json.WriteStartObject();
            json.WriteString("PrivateIpAddress", address);
            json.WriteBoolean("Primary", address == eni.PrivateIpAddress);
            json.WriteEndObject();
        });
        json.WriteList("Ipv6Sets", "Ipv6Set", eni.Ipv6Addresses, address =>
        {
            json.WriteStartObject();
            json.WriteString("Ipv6Address", address);
            json.WriteEndObject();
        });
    }
}
