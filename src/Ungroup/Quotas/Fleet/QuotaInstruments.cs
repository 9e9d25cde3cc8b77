using System.Diagnostics.Metrics;
using Ungroup.Quotas.Windows;

namespace Ungroup.Quotas.Fleet;

/// <summary>How the quotas can be watched.</summary>
internal static class QuotaInstruments
{
    public static void AddTo(Meter meter, QuotaLimiters limiters, FleetMembership membership)
    {
        meter.CreateObservableCounter(
            "ungroup.quota.refused", () => Looks(limiters).Select(Refused), "{call}", "Calls refused because the quota was used up, by quota.");
        meter.CreateObservableGauge(
            "ungroup.pace.rate", () => Asked(limiters).Select(Rate), "{call}/s", "Calls a second that this instance may make over a while, by quota.");
        meter.CreateObservableGauge(
            "ungroup.pace.quota", () => Asked(limiters).Select(Limit), "{call}/min", "Calls a minute that a quota is known to have, by quota and basis.");
        meter.CreateObservableGauge(
            "ungroup.pace.fleet", () => membership.Size, "{instance}", "Instances that have told of themselves lately, this one included.");
    }

    private static IEnumerable<QuotaLook> Looks(QuotaLimiters limiters) => limiters.All.Select(limiter => limiter.Look());

    private static IEnumerable<QuotaLook> Asked(QuotaLimiters limiters) => Looks(limiters).Where(look => look.Demand.AskedAt != default);

    private static Measurement<long> Refused(QuotaLook look) => new(look.Counts.Refused, new KeyValuePair<string, object?>("quota", look.Key.ToString()));

    private static Measurement<double> Rate(QuotaLook look) => new(look.PerSecond, new KeyValuePair<string, object?>("quota", look.Key.ToString()));

    private static Measurement<double> Limit(QuotaLook look) => new(
        look.Estimate.Limit.Calls, new("quota", look.Key.ToString()), new("basis", look.Estimate.Limit.Basis.ToString()));
}
