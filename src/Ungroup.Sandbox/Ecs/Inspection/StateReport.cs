using System.Text.Json;
using Ungroup.Sandbox.Ecs.Worlds;

namespace Ungroup.Sandbox.Ecs.Inspection;

/// <summary>The whole world as JSON, as it truly is: stale reads do not blur it.</summary>
internal static class StateReport
{
    public static void Write(Utf8JsonWriter json, World world, RequestLog requests, DateTimeOffset now)
    {
        lock (world.Gate)
        {
            world.CatchUp(now);
            json.WriteString("startedAt", world.StartedAt);
            json.WriteString("now", now);
            WriteArray(json, "regions", world.Regions, region => WriteRegion(json, region, now - world.StartedAt));
            WriteArray(json, "quotas", world.Quotas.Snapshot(now), use => JsonSerializer.Serialize(json, use, JsonSerializerOptions.Web));
            WriteArray(json, "faults", world.Faults.Snapshot(), entry =>
            {
                json.WriteStartObject();
                json.WriteString("kind", entry.Fault.Kind);
                json.WriteString("action", entry.Fault.Calls.Action);
                json.WriteString("on", entry.Fault.Calls.On);
                json.WriteNumber("left", entry.Left);
                json.WriteNumber("after", entry.Skip);
                json.WriteEndObject();
            });
            WriteArray(json, "changes", world.Changes.Entries, entry =>
            {
                json.WriteStartObject();
                json.WriteString("kind", entry.Change.Kind);
                json.WriteString("resource", entry.Change.Subject);
                json.WriteNumber("left", entry.Countdown.Left);
                json.WriteNumber("after", entry.Countdown.Skip);
                json.WriteNumber("made", entry.Made);
                json.WriteString("problem", entry.Problem);
                json.WriteEndObject();
            });
            WriteCounts(json, "effectiveLeaves", world.Leaves.Counts);
        }

        WriteCounts(json, "calls", requests.CountPerAction());
        WriteCallsByResource(json, requests);
        json.WriteNumber("requests", requests.Count);
    }

    private static void WriteRegion(Utf8JsonWriter json, Region region, TimeSpan sinceStart)
    {
        json.WriteStartObject();
        json.WriteString("regionId", region.Place.RegionId);
        json.WriteString("account", region.Place.Account.Name);
        WriteArray(json, "securityGroups", region.Groups, group =>
        {
            json.WriteStartObject();
            json.WriteString("securityGroupId", group.Id);
            json.WriteString("type", group.Type);
            json.WriteBoolean("serviceManaged", group.ServiceManaged);
            json.WriteString("vpcId", group.VpcId);
            json.WriteString("innerAccessPolicy", group.InnerAccessPolicy);
            WriteArray(json, "members", MembersOf(region, group), json.WriteStringValue);
            json.WriteEndObject();
        });
        WriteArray(json, "instances", region.Instances, instance =>
        {
            json.WriteStartObject();
            json.WriteString("instanceId", instance.Id);
            json.WriteString("status", instance.Lifecycle.At(sinceStart));
            json.WriteString("primaryNetworkInterfaceId", instance.Primary.Id);
            WriteArray(json, "locks", instance.Locks, json.WriteStringValue);
            WriteGroups(json, instance.Primary.Membership);
            json.WriteEndObject();
        });
        WriteArray(json, "networkInterfaces", region.Interfaces, eni =>
        {
            json.WriteStartObject();
            json.WriteString("networkInterfaceId", eni.Id);
            json.WriteString("type", eni.Type);
            json.WriteString("status", eni.Lifecycle.At(sinceStart));
            json.WriteString("instanceId", eni.InstanceId);
            json.WriteBoolean("serviceManaged", eni.ServiceManaged);
            WriteGroups(json, eni.Membership);
            json.WriteEndObject();
        });
        json.WriteEndObject();
    }

    // A primary interface stands here as its instance.
    private static IEnumerable<string> MembersOf(Region region, SecurityGroup group) =>
        region.Interfaces
            .Where(eni => eni.Membership.Contains(group))
            .Select(eni => eni.Subject);

    private static void WriteGroups(Utf8JsonWriter json, Membership membership)
    {
        WriteArray(json, "securityGroupIds", membership.Groups, group => json.WriteStringValue(group.Id));
        json.WriteNumber("shortestMembership", membership.Shortest);
    }

    private static void WriteCallsByResource(Utf8JsonWriter json, RequestLog requests)
    {
        json.WriteStartObject("callsByResource");
        foreach (var (resource, calls) in requests.CountPerResource())
        {
            WriteCounts(json, resource, calls);
        }

        json.WriteEndObject();
    }

    private static void WriteCounts(Utf8JsonWriter json, string name, IReadOnlyDictionary<string, long> counts)
    {
        json.WriteStartObject(name);
        foreach (var (key, count) in counts)
        {
            json.WriteNumber(key, count);
        }

        json.WriteEndObject();
    }

    private static void WriteArray<T>(Utf8JsonWriter json, string name, IEnumerable<T> items, Action<T> write)
    {
        json.WriteStartArray(name);
        foreach (var item in items)
        {
            write(item);
        }

        json.WriteEndArray();
    }
}
