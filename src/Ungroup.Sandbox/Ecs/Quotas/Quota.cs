using Ungroup.Sandbox.Ecs.Worlds;

namespace Ungroup.Sandbox.Ecs.Quotas;

/// <summary>
/// So many calls of an action in each window, per account and region.
/// https://help.aliyun.com/zh/ecs/developer-reference/api-throttling [THROTTLE]
/// </summary>
internal sealed record Quota(string Action, int Calls, int PerSeconds, string? Account, string? RegionId, bool Hints)
{
    public bool Covers(string action, string account, string regionId) =>
        Action == action && (Account ?? account) == account && (RegionId ?? regionId) == regionId;

    public static Quota Read(
        ObjectAt json, IReadOnlyCollection<string> actions, IReadOnlyCollection<string> accounts, IReadOnlyCollection<string> regions)
    {
        var action = json.OneOf("action", actions);
        json.What = $"the quota of {action}";
        var quota = new Quota(
            action,
            json.Number("calls", least: 0),
            json.Number("perSeconds", least: 1),
            json.OptionalText("account") is null ? null : json.OneOf("account", accounts),
            json.OptionalText("regionId") is null ? null : json.OneOf("regionId", regions),
            json.Flag("hints", otherwise: true));
        json.Done();
        return quota;
    }
}
