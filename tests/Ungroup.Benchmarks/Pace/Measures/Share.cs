using Ungroup.Benchmarks.Pace.Quotas;

namespace Ungroup.Benchmarks.Pace.Measures;

/// <summary>The use of the quota in parts of a run.</summary>
/// <param name="Used">Calls of ours that were served ÷ (the quota, by time − calls of others that were served).</param>
/// <param name="Refused">Calls of ours that were refused, of 1,000 that were sent.</param>
/// <param name="Closed">The share of the time in which whoever had called would have been refused.</param>
internal sealed record Share(double Used, double Refused, double Closed)
{
    public static Share Of(IReadOnlyList<Stretch> parts, QuotaPlan plan, Log log)
    {
        if (parts.Count == 0)
        {
            return new(double.NaN, double.NaN, double.NaN);
        }

        var (served, refused, others) = (0, 0, 0);
        foreach (var call in log.Calls.Where(call => parts.Any(part => part.Holds(call.ArrivedAt))))
        {
            served += call is { IsOurs: true, Served: true } ? 1 : 0;
            refused += call is { IsOurs: true, Served: false } ? 1 : 0;
            others += call is { IsOurs: false, Served: true } ? 1 : 0;
        }

        var length = parts.Sum(part => part.Length.TotalSeconds);
        return new(
            served / (parts.Sum(part => plan.Within(part)) - others),
            1_000.0 * refused / (served + refused),
            parts.Sum(part => part.Overlap(log.Closed).TotalSeconds) / length);
    }
}
