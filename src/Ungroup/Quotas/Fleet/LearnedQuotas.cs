using System.Globalization;
using Ungroup.Circuits;
using Ungroup.Ledger;
using Ungroup.Quotas.Windows;

namespace Ungroup.Quotas.Fleet;

/// <summary>What the fleet has learned of each quota, as its instances have written it down, in words.</summary>
internal static class LearnedQuotas
{
    public static async Task<IReadOnlyList<string>> DescribeAsync(ILedgerStore store, double reserve, CancellationToken cancellationToken)
    {
        var notes = await store.ReadNotesAsync(FleetMembership.Prefix, cancellationToken);
        var said = notes.Select(note => (Beat: Heartbeat.Parse(note.Text), note.Age)).Where(note => note.Beat is not null).ToList();
        return
        [
            .. said.SelectMany(note => note.Beat!.Quotas.Select(line => (Line: line, IsAlive: note.Age <= FleetMembership.Life && !note.Beat.HasLeft)))
                .GroupBy(note => note.Line.Key)
                .OrderBy(quota => quota.Key.ToString(), StringComparer.Ordinal)
                .Select(quota => Sentence(
                    quota.Key,
                    quota.Aggregate(QuotaEstimate.Nothing, (known, note) => known.Merge(note.Line.Estimate)).Limit,
                    quota.Count(note => note.Line.Wants && note.IsAlive),
                    reserve)),
        ];
    }

    /// <summary>What is closed now, in words.</summary>
    public static async Task<IReadOnlyList<string>> DescribeClosedAsync(ILedgerStore store, CancellationToken cancellationToken) =>
    [
        .. from note in await store.ReadNotesAsync(FleetMembership.Prefix, cancellationToken)
           let beat = Heartbeat.Parse(note.Text)
           from quota in beat?.Quotas ?? []
           let until = quota.ClosedUntil ?? default
           where until > note.StoreTime
           group (beat.By, Until: until) by quota.Key.ToString() into same
           orderby same.Key
           let last = same.MaxBy(closed => closed.Until)
           select CircuitNote.Describe(same.Key, last.Until, last.By, "ECS has refused it, because its quota is used up."),
    ];

    private static string Sentence(QuotaKey key, QuotaLimit limit, int instances, double reserve)
    {
        var used = instances switch
        {
            0 => "used by nobody now",
            1 => "used by 1 instance",
            _ => string.Create(CultureInfo.InvariantCulture, $"used by {instances} instances"),
        };
        return Forecast.TimeFor(1_000, limit.Calls, reserve) is not { } thousand
            ? $"{key}: nothing is known of it yet; {used}."
            : $"{key}: {Number(limit)} ({BasisOf(limit)}), of which {reserve * 100:0} % are left to others; {used}. "
                + $"1,000 {Work(key)} take about {Forecast.Said(thousand)}, a backlog of 10,000 about {Forecast.Said(10 * thousand)}.";
    }

    private static string Number(QuotaLimit limit) =>
        $"{(limit.Basis switch { LimitBasis.AtLeast => "at least ", LimitBasis.AtMost => "at most ", _ => "" })}{Forecast.Said((double)limit.Calls)} calls a minute";

    private static string BasisOf(QuotaLimit limit) => limit.Basis switch
    {
        LimitBasis.AtLeast => "so many have passed and none was refused",
        LimitBasis.AtMost => "refused after so many, being learned anew",
        LimitBasis.Told => "told",
        _ => "measured",
    };

    private static string Work(QuotaKey key) => key.Action == ReceiveBudget.Removal ? "removals" : "calls";
}
