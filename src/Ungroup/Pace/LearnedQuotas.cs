using System.Globalization;
using Ungroup.Ledger;

namespace Ungroup.Pace;

/// <summary>What the fleet has learned of each quota, as its instances have written it down, in words.</summary>
internal static class LearnedQuotas
{
    public static async Task<IReadOnlyList<string>> DescribeAsync(ILedgerStore store, double reserve, CancellationToken cancellationToken)
    {
        var notes = await store.ReadNotesAsync(Fleet.Prefix, cancellationToken);
        return
        [
            .. notes
                .SelectMany(note => (FleetNote.Parse(note.Text)?.Lines ?? []).Select(line => (Line: line, note.Age)))
                .GroupBy(said => said.Line.Key, said => said)
                .OrderBy(quota => quota.Key.ToString(), StringComparer.Ordinal)
                .Select(quota => Sentence(
                    quota.Key,
                    quota.Select(said => said.Line.Quota).Aggregate((best, next) => next.Replaces(best) ? next : best),
                    quota.Count(said => said.Line.Wants && said.Age <= Fleet.Life),
                    reserve)),
        ];
    }

    private static string Sentence(QuotaKey key, QuotaKnowledge quota, int instances, double reserve)
    {
        var used = instances switch
        {
            0 => "used by nobody now",
            1 => "used by 1 instance",
            _ => string.Create(CultureInfo.InvariantCulture, $"used by {instances} instances"),
        };
        return Forecast.TimeFor(1_000, quota.PerMinute, reserve) is not { } thousand
            ? $"{key}: nothing is known of it yet; {used}."
            : $"{key}: {Number(quota)} ({BasisOf(quota)}{ShapeOf(quota)}), of which {reserve * 100:0} % are left to others; {used}. "
                + $"1,000 {Work(key)} take about {Forecast.Said(thousand)}, a backlog of 10,000 about {Forecast.Said(10 * thousand)}.";
    }

    private static string Number(QuotaKnowledge quota) =>
        $"{(quota.Basis switch { QuotaBasis.AtLeast => "at least ", QuotaBasis.AtMost => "at most ", _ => "" })}{Forecast.Said(quota.PerMinute)} calls a minute";

    private static string BasisOf(QuotaKnowledge quota) => quota.Basis switch
    {
        QuotaBasis.AtLeast => "so many have passed and none was refused",
        QuotaBasis.AtMost => "refused after so many, being learned anew",
        _ => "measured or told",
    };

    private static string ShapeOf(QuotaKnowledge quota) => quota.Shape switch
    {
        QuotaShape.Window => "; all come back when a minute turns",
        QuotaShape.Bucket => "; they come back one by one",
        _ => "",
    };

    private static string Work(QuotaKey key) => key.Action == ReceiveRoom.Removal ? "removals" : "calls";
}
