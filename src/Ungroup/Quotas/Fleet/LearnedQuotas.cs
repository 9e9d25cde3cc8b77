using System.Globalization;
using Ungroup.Circuits;
using Ungroup.Ledger;
using Ungroup.Quotas.Windows;

namespace Ungroup.Quotas.Fleet;

/// <summary>Says in words what the fleet knows of each quota, as its instances have written it down.</summary>
internal static class LearnedQuotas
{
    public static async Task<IReadOnlyList<string>> DescribeAsync(ILedgerStore store, double reserve, CancellationToken cancellationToken) =>
    [
        .. from said in await ReadAsync(store, cancellationToken)
           group said by said.Quota.Key into same
           orderby same.Key.ToString()
           let known = same.Aggregate(QuotaEstimate.Nothing, (known, said) => known.Merge(said.Quota.Estimate)).Limit
           select Sentence(same.Key, known, same.Count(said => said.IsAlive && said.Quota.Wants), reserve),
    ];

    public static async Task<IReadOnlyList<string>> DescribeClosedAsync(ILedgerStore store, CancellationToken cancellationToken) =>
    [
        .. from said in await ReadAsync(store, cancellationToken)
           where said.Quota.ClosedUntil > said.Now
           group said by said.Quota.Key into same
           orderby same.Key.ToString()
           let last = same.MaxBy(said => said.Quota.ClosedUntil)
           select CircuitNote.Describe(same.Key.ToString(), last.Quota.ClosedUntil!.Value, last.By, "ECS has refused it, because its quota is used up."),
    ];

    private static async Task<IEnumerable<(string By, QuotaReport Quota, bool IsAlive, DateTimeOffset Now)>> ReadAsync(ILedgerStore store, CancellationToken cancellationToken) =>
        from note in await store.ReadNotesAsync(FleetMembership.Prefix, cancellationToken)
        let beat = Heartbeat.Parse(note.Text)
        from quota in beat?.Quotas ?? []
        select (beat.By, quota, note.Age <= FleetMembership.Life && !beat.HasLeft, note.StoreTime);

    private static string Sentence(QuotaKey key, QuotaLimit limit, int instances, double reserve)
    {
        var used = instances == 0 ? "used by nobody now" : string.Create(CultureInfo.InvariantCulture, $"used by {instances} instance{(instances == 1 ? "" : "s")}");
        var (number, basis) = limit.Basis switch
        {
            LimitBasis.AtLeast => ("at least ", "so many have passed and none was refused"),
            LimitBasis.AtMost => ("at most ", "refused after so many, being learned anew"),
            LimitBasis.Told => ("", "told"),
            _ => ("", "measured"),
        };
        var work = key.Action == ReceiveBudget.Removal ? "removals" : "calls";
        return Forecast.TimeFor(1_000, limit.Calls, reserve) is not { } thousand
            ? $"{key}: nothing is known of it yet; {used}."
            : $"{key}: {number}{Forecast.Said((double)limit.Calls)} calls a minute ({basis}), of which {reserve * 100:0} % are left to others; {used}. "
                + $"1,000 {work} take about {Forecast.Said(thousand)}, a backlog of 10,000 about {Forecast.Said(10 * thousand)}.";
    }
}
