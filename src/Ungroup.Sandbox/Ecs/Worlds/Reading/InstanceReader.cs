using System.Globalization;

namespace Ungroup.Sandbox.Ecs.Worlds.Reading;

/// <summary>Reads what an instance has beside its membership.</summary>
internal static class InstanceReader
{
    // https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-describeinstances [SDK-DOC]
    private static readonly string[] LockReasons = ["financial", "security", "Recycling", "dedicatedhostfinancial", "refunded"];

    public static Instance Read(ObjectAt json, Place home, NetworkInterface primary, string id, string? vpcId)
    {
        var instance = new Instance(id, home, primary)
        {
            Lifecycle = RegionScope.LifecycleOf(json, Lifecycle.OfInstances, "Running"),
            Locks = LocksOf(json),
            Name = json.OptionalText("instanceName"),
            ZoneId = json.OptionalText("zoneId"),
            VpcId = vpcId,
            VSwitchId = json.OptionalText("vSwitchId"),
            PrivateIpAddress = json.OptionalText("privateIpAddress"),
            PublicIpAddress = json.OptionalText("publicIpAddress"),
            EipAddress = json.OptionalText("eipAddress"),
            RamRoleName = json.OptionalText("ramRoleName"),
            Release = ReleaseOf(json),
            Tags = json.Texts("tags"),
        };
        json.Done();
        return instance;
    }

    public static IReadOnlyList<string> LocksOf(ObjectAt json)
    {
        var locks = json.OptionalTexts("locks") ?? [];
        return locks.FirstOrDefault(reason => !LockReasons.Contains(reason)) is { } unknown
            ? throw json.Refuse($"`locks` of {json.What} had `{unknown}`; expected some of {string.Join(", ", LockReasons)}.", "locks")
            : locks;
    }

    private static Release ReleaseOf(ObjectAt json)
    {
        var release = new Release(
            json.OneOf("instanceChargeType", Release.ChargeTypes, Release.PostPaid),
            json.OneOf("spotStrategy", Release.SpotStrategies, Release.NoSpot))
        {
            AutoReleaseTime = TimeOf(json, "autoReleaseTime"),
            ExpiredTime = TimeOf(json, "expiredTime"),
            DeletionProtection = json.Flag("deletionProtection", otherwise: false),
            Recyclable = json.Flag("recyclable", otherwise: false),
        };

        // [DELPROT], [TF-INST]
        return release is { DeletionProtection: true, SpotStrategy: not Release.NoSpot } or { DeletionProtection: true, ChargeType: not Release.PostPaid }
            ? throw json.Refuse($"{json.What} cannot have `deletionProtection`: only instances paid as they go have it, and spot instances do not.", "deletionProtection")
            : release;
    }

    // ECS writes times to the minute or to the second, always in UTC.
    private static string? TimeOf(ObjectAt json, string name) => json.OptionalText(name) is not { } text ? null
        : DateTimeOffset.TryParseExact(text, ["yyyy-MM-dd'T'HH:mm'Z'", "yyyy-MM-dd'T'HH:mm:ss'Z'"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _) ? text
        : throw json.Refuse($"`{name}` of {json.What} was `{text}`; expected a time in UTC, such as 2026-02-01T00:00Z.", name);
}
