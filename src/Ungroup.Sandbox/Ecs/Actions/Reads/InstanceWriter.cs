using System.Text.Json;
using Ungroup.Sandbox.Ecs.Worlds;

namespace Ungroup.Sandbox.Ecs.Actions.Reads;

/// <summary>An instance as DescribeInstances and DescribeInstanceAttribute show it (sheet 2.4). [SDK-MODEL]</summary>
internal static class InstanceWriter
{
    public static void WriteInstance(this Utf8JsonWriter json, World world, Instance instance, DateTimeOffset now)
    {
        json.WriteString("InstanceId", instance.Id);
        json.WriteString("InstanceName", instance.Name ?? instance.Id);
        json.WriteString("RegionId", instance.Place.RegionId);
        json.WriteString("ZoneId", instance.ZoneId ?? $"{instance.Place.RegionId}-a");
        json.WriteString("Status", instance.Lifecycle.At(now - world.StartedAt));
        json.WriteString("InstanceNetworkType", "vpc");
        json.WriteString("StoppedMode", "Not-applicable");
        json.WriteString("ResourceGroupId", "");
        json.WriteStartObject("VpcAttributes");
        json.WriteString("VpcId", instance.VpcId ?? "");
        json.WriteString("VSwitchId", instance.VSwitchId ?? "");
        json.WriteTexts("PrivateIpAddress", "IpAddress", instance.PrivateIpAddress is { } address ? [address] : []);
        json.WriteString("NatIpAddress", "");
        json.WriteEndObject();
        json.WriteTexts("PublicIpAddress", "IpAddress", instance.PublicIpAddress is { } fixedAddress ? [fixedAddress] : []);
        json.WriteStartObject("EipAddress");
        json.WriteString("IpAddress", instance.EipAddress ?? "");
        json.WriteString("AllocationId", instance.EipAddress is { } eip ? Allocation(eip) : "");
        json.WriteEndObject();
        json.WriteGroupIds(instance.Primary.Membership.ShownAt(now));
        json.WriteList("OperationLocks", "LockReason", instance.Locks, reason =>
        {
            json.WriteStartObject();
            json.WriteString("LockReason", reason);
            json.WriteString("LockMsg", "");
            json.WriteEndObject();
        });
    }

    /// <summary>When it goes, and what keeps it. DescribeInstanceAttribute does not say. [SDK-MODEL]</summary>
    public static void WriteRelease(this Utf8JsonWriter json, Release release)
    {
        json.WriteString("InstanceChargeType", release.ChargeType);
        json.WriteString("SpotStrategy", release.SpotStrategy);
        json.WriteString("CreationTime", "2026-01-02T03:04Z");
        json.WriteString("AutoReleaseTime", release.AutoReleaseTime ?? "");
        json.WriteString("ExpiredTime", release.ExpiredTime ?? "2099-12-31T15:59Z");
        json.WriteBoolean("DeletionProtection", release.DeletionProtection);
        json.WriteBoolean("Recyclable", release.Recyclable);
    }

    public static string Allocation(string address) => $"eip-{address.Replace('.', '-').Replace(':', '-')}";

    // Every interface that is attached, also one that DescribeNetworkInterfaces does not find under the instance because it is managed.
    // The entries carry no groups: for those of a secondary interface one asks DescribeNetworkInterfaces. [SDK-MODEL]
    public static void WriteInterfaces(this Utf8JsonWriter json, IEnumerable<NetworkInterface> attached)
    {
        json.WriteList("NetworkInterfaces", "NetworkInterface", attached, eni =>
        {
            json.WriteStartObject();
            json.WriteString("NetworkInterfaceId", eni.Id);
            json.WriteString("Type", eni.Type);
            json.WriteString("PrimaryIpAddress", eni.PrivateIpAddress ?? "");
            json.WriteString("MacAddress", eni.MacAddress);
            json.WriteAddresses(eni);
            json.WriteEndObject();
        });
    }
}
