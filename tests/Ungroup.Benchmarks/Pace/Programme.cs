using Ungroup.Benchmarks.Pace.Quotas;

namespace Ungroup.Benchmarks.Pace;

/// <summary>
/// Which contender plays which scenario: ours all of them; the peers with 1 and with 8 instances and without hints, which they do not read,
/// and with other tenants and steps with 8 only.
/// </summary>
internal static class Programme
{
    private static readonly int[] Fleets = [1, 2, 4, 8, 64];

    private static readonly (QuotaShape Shape, int PerSecond)[] Quotas =
        [(QuotaShape.Window, 10), (QuotaShape.Window, 50), (QuotaShape.Bucket, 50)];

    public static IEnumerable<Scenario> For(Contender contender) => Every().Where(scenario => contender.Ours || IsForPeers(scenario));

    private static bool IsForPeers(Scenario scenario) => scenario switch
    {
        { Hints: true } or { Late: > 0, Others: true } or { Late: > 0, Steps: true } => false,
        { Instances: 8 } => true,
        { Instances: 1, Others: false, Steps: false } => true,
        _ => false,
    };

    /// <summary>Windows turn with the clock's minute or when nobody knows; what ECS says of it may be taken out by a gateway in between.</summary>
    private static IEnumerable<Scenario> Every() =>
        from quota in Quotas
        from late in quota.Shape == QuotaShape.Window ? new[] { 0, 17 } : [0]
        from kind in new Func<Scenario, Scenario>[] { alone => alone, alone => alone with { Others = true }, alone => alone with { Steps = true } }
        from instances in Fleets
        from hints in new[] { true, false }
        let scenario = kind(new(quota.Shape, quota.PerSecond, instances) { Hints = hints, Late = late })
        where !scenario.Steps || scenario.PerSecond > Scenario.Low
        select scenario;
}
