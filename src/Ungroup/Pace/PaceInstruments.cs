using System.Diagnostics.Metrics;

namespace Ungroup.Pace;

/// <summary>How the pace can be watched.</summary>
internal static class PaceInstruments
{
    public static void AddTo(Meter meter, Governors governors, Fleet fleet, TimeProvider clock)
    {
        meter.CreateObservableCounter(
            "ungroup.quota.refused", () => governors.All.Select(Refused), "{call}", "Calls refused because the quota was used up, by quota.");
        meter.CreateObservableGauge(
            "ungroup.pace.rate", () => Looks(governors, clock).Select(Rate), "{call}/s", "Calls a second that this instance may make over a while, by quota.");
        meter.CreateObservableGauge(
            "ungroup.pace.quota", () => Looks(governors, clock).Select(Quota), "{call}/min", "Calls a minute that a quota is known to have, by quota, basis and shape.");
        meter.CreateObservableGauge(
            "ungroup.pace.fleet", () => fleet.Size, "{instance}", "Instances that have told of themselves lately, this one included.");
    }

    private static IEnumerable<PaceLook> Looks(Governors governors, TimeProvider clock)
    {
        var now = clock.GetUtcNow();
        return governors.All.Select(governor => governor.Look(now)).OfType<PaceLook>();
    }

    private static Measurement<long> Refused(Governor governor) =>
        new(governor.RefusedCalls, new KeyValuePair<string, object?>("quota", governor.Key.ToString()));

    private static Measurement<double> Rate(PaceLook look) => new(look.PerSecond, new KeyValuePair<string, object?>("quota", look.Key.ToString()));

    private static Measurement<double> Quota(PaceLook look) => new(
        look.Quota.PerMinute, new("quota", look.Key.ToString()), new("basis", look.Quota.Basis.ToString()), new("shape", look.Quota.Shape.ToString()));
}
