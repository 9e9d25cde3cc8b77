using System.Text.Json;
using Ungroup.Sandbox.Ecs.Worlds;

namespace Ungroup.Sandbox.Ecs.Actions;

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
        json.WriteString("PrivateIpAddress", eni.PrivateIpAddress ?? "");
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
}
