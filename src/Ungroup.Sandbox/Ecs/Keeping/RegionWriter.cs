using System.Text.Json;
using Ungroup.Sandbox.Ecs.Worlds;

namespace Ungroup.Sandbox.Ecs.Keeping;

/// <summary>Writes a region as the world file has it, so that it can be read again. Members that it leaves out are left out here.</summary>
internal static class RegionWriter
{
    public static void WriteRegion(this Utf8JsonWriter json, Region region)
    {
        json.WriteStartObject();
        json.WriteString("regionId", region.Place.RegionId);
        json.WriteString("account", region.Place.Account.Name);
        json.WriteObjects("securityGroups", region.Groups, json.WriteGroup);
        json.WriteObjects("instances", region.Instances, json.WriteInstance);
        json.WriteObjects("networkInterfaces", region.Interfaces, json.WriteInterface);
        json.WriteEndObject();
    }

    public static void WriteObjects<T>(this Utf8JsonWriter json, string name, IEnumerable<T> items, Action<T> write)
    {
        json.WriteStartArray(name);
        foreach (var item in items)
        {
            write(item);
        }

        json.WriteEndArray();
    }

    private static void WriteGroup(this Utf8JsonWriter json, SecurityGroup group)
    {
        json.WriteStartObject();
        json.WriteString("securityGroupId", group.Id);
        json.WriteString("account", group.Place.Account.Name);
        json.WriteString("type", group.Type);
        json.WriteText("securityGroupName", group.Name);
        json.WriteText("description", group.Description);
        json.WriteText("vpcId", group.VpcId);
        json.WriteBoolean("serviceManaged", group.ServiceManaged);
        if (group.OwnCapacity is { } capacity)
        {
            json.WriteNumber("capacity", capacity);
        }

        json.WriteMap("tags", group.Tags);
        json.WriteString("innerAccessPolicy", group.InnerAccessPolicy);
        json.WriteObjects("rules", group.Rules, json.WriteRule);
        json.WriteEndObject();
    }

    private static void WriteRule(this Utf8JsonWriter json, GroupRule rule)
    {
        var side = rule.Direction == GroupRule.Ingress ? "source" : "dest";
        json.WriteStartObject();
        json.WriteString("direction", rule.Direction);
        json.WriteString("policy", rule.Policy);
        json.WriteString("ipProtocol", rule.IpProtocol);
        json.WriteString("portRange", rule.PortRange);
        json.WriteNumber("priority", rule.Priority);
        json.WriteText($"{side}CidrIp", rule.CidrIp);
        json.WriteText($"ipv6{rule.Side}CidrIp", rule.Ipv6CidrIp);
        json.WriteText($"{side}GroupId", rule.GroupId);
        json.WriteText($"{side}PrefixListId", rule.PrefixListId);
        json.WriteText("description", rule.Description);
        json.WriteEndObject();
    }

    private static void WriteInstance(this Utf8JsonWriter json, Instance instance)
    {
        json.WriteStartObject();
        json.WriteString("instanceId", instance.Id);
        json.WriteString("account", instance.Place.Account.Name);
        json.WriteLifecycle(instance.Lifecycle);
        json.WriteGroupIds(instance.Primary);
        json.WriteTexts("locks", instance.Locks);
        json.WriteText("instanceName", instance.Name);
        json.WriteText("zoneId", instance.ZoneId);
        json.WriteText("vpcId", instance.VpcId);
        json.WriteText("vSwitchId", instance.VSwitchId);
        json.WriteText("privateIpAddress", instance.PrivateIpAddress);
        json.WriteText("publicIpAddress", instance.PublicIpAddress);
        json.WriteText("eipAddress", instance.EipAddress);
        json.WriteText("ramRoleName", instance.RamRoleName);
        json.WriteString("instanceChargeType", instance.Release.ChargeType);
        json.WriteString("spotStrategy", instance.Release.SpotStrategy);
        json.WriteText("autoReleaseTime", instance.Release.AutoReleaseTime);
        json.WriteText("expiredTime", instance.Release.ExpiredTime);
        json.WriteBoolean("deletionProtection", instance.Release.DeletionProtection);
        json.WriteBoolean("recyclable", instance.Release.Recyclable);
        json.WriteMap("tags", instance.Tags);
        json.WriteEndObject();
    }

    private static void WriteInterface(this Utf8JsonWriter json, NetworkInterface eni)
    {
        json.WriteStartObject();
        json.WriteString("networkInterfaceId", eni.Id);
        json.WriteString("account", eni.Place.Account.Name);
        json.WriteString("type", eni.Type);
        json.WriteLifecycle(eni.Lifecycle);
        json.WriteText("instanceId", eni.InstanceId);
        json.WriteGroupIds(eni);
        json.WriteText("networkInterfaceName", eni.Name);
        json.WriteBoolean("serviceManaged", eni.ServiceManaged);
        json.WriteText("vpcId", eni.VpcId);
        json.WriteText("vSwitchId", eni.VSwitchId);
        json.WriteText("zoneId", eni.ZoneId);
        json.WriteText("macAddress", eni.OwnMacAddress);
        json.WriteText("privateIpAddress", eni.PrivateIpAddress);
        json.WriteTexts("secondaryPrivateIpAddresses", eni.SecondaryPrivateIpAddresses);
        json.WriteTexts("ipv6Addresses", eni.Ipv6Addresses);
        json.WriteText("publicIpAddress", eni.PublicIpAddress);
        json.WriteStartObject("connectionTracking");
        json.WriteNumber("tcpEstablishedTimeout", eni.ConnectionTracking.TcpEstablished);
        json.WriteNumber("tcpClosedAndTimeWaitTimeout", eni.ConnectionTracking.TcpClosedAndTimeWait);
        json.WriteNumber("udpTimeout", eni.ConnectionTracking.Udp);
        json.WriteEndObject();
        json.WriteMap("tags", eni.Tags);
        json.WriteEndObject();
    }

    private static void WriteLifecycle(this Utf8JsonWriter json, Lifecycle lifecycle)
    {
        json.WriteString("status", lifecycle.Status);
        if (lifecycle.Becomes is { } becomes)
        {
            json.WriteStartObject("becomes");
            json.WriteString("status", becomes);
            json.WriteNumber("afterSeconds", lifecycle.After.TotalSeconds);
            json.WriteEndObject();
        }
    }

    private static void WriteGroupIds(this Utf8JsonWriter json, NetworkInterface eni) =>
        json.WriteTexts("securityGroupIds", eni.Membership.Groups.Select(group => group.Id));

    private static void WriteText(this Utf8JsonWriter json, string name, string? text)
    {
        if (text is not null)
        {
            json.WriteString(name, text);
        }
    }

    private static void WriteTexts(this Utf8JsonWriter json, string name, IEnumerable<string> texts) => json.WriteObjects(name, texts, json.WriteStringValue);

    private static void WriteMap(this Utf8JsonWriter json, string name, IReadOnlyDictionary<string, string> map)
    {
        json.WriteStartObject(name);
        foreach (var (key, value) in map)
        {
            json.WriteString(key, value);
        }

        json.WriteEndObject();
    }
}
