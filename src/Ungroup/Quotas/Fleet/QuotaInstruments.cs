using System.Diagnostics.Metrics;

namespace Ungroup.Quotas.Fleet;

internal static class QuotaInstruments
{
    public static void AddTo(Meter meter, QuotaLimiters limiters, FleetMembership membership)
    {
        meter.CreateObservableCounter(
            "ungroup.quota.refused", () => Looks().Select(look => new Measurement<long>(look.Counts.Refused, Of(look))), "{call}",
            "Calls refused because the quota was used up, by quota.");
        meter.CreateObservableGauge(
            "ungroup.pace.rate", () => Asked().Select(look => new Measurement<double>(look.PerSecond, Of(look))), "{call}/s",
            "Calls a second that this instance may make over a while, by quota.");
        meter.CreateObservableGauge(
            "ungroup.pace.quota", () => Asked().Select(look => new Measurement<double>(look.Estimate.Limit.Calls, Of(look), new("basis", look.Estimate.Limit.Basis.ToString()))),
            "{call}/min", "Calls a minute that a quota is known to have, by quota and basis.");
        meter.CreateObservableGauge(
            "ungroup.pace.fleet", () => membership.Size, "{instance}", "Instances that have told of themselves lately, this one included.");

        IEnumerable<QuotaLook> Looks() => limiters.All.Select(limiter => limiter.Look());

        IEnumerable<QuotaLook> Asked() => Looks().Where(look => look.Demand.AskedAt != default);
    }

    private static KeyValuePair<string, object?> Of(QuotaLook look) => new("quota", look.Key.ToString());
}
