using Ungroup.Benchmarks.Pace.Measures;
using Ungroup.Benchmarks.Pace.Quotas;

namespace Ungroup.Benchmarks.Pace;

/// <summary>Bars that we set ourselves, and how near the worst row of ours comes to them. Nothing fails for them.</summary>
internal static class Bars
{
    private const double Never = double.PositiveInfinity;

    public static void Print(IReadOnlyList<Row> rows)
    {
        var ours = rows.Where(row => row.Contender.Ours).ToArray();
        Console.WriteLine();
        Console.WriteLine("Bars, judged by the worst row of ours; the worst single seed of all rows stands beside it");
        var table = new Table("bar", "limit", "worst row", "worst seed", "worst row is", "");
        foreach (var bar in All(rows))
        {
            bar.AddTo(table, ours);
        }

        table.Print();
    }

    private static IEnumerable<Bar> All(IReadOnlyList<Row> rows) =>
    [
        new("used of the target, window, steady, %", 95, row => Steady(row, share => 100 * row.OfTarget(share))) { AtLeast = true, For = IsWindow },
        new("refused, window, steady, ‰", 2.5, row => Steady(row, share => share.Refused)) { For = IsWindow },
        new("refused ÷ best peer's, 8 instances, steady", 0.1, row => OfBestPeer(row, rows, figures => figures.Steady)) { For = row => HasPeers(row) && rows.Any(peer => !peer.Contender.Ours) },
        new("closed to others, window, steady, %", 1.5, row => Steady(row, share => 100 * share.Closed)) { For = IsWindow },
        new("refused, window, learning included, 1 to 8, ‰", 12, row => Whole(row, share => share.Refused)) { For = row => IsWindow(row) && row.Scenario.Instances <= 8 },
        new("refused, window, learning included, 64, ‰", 60, row => Whole(row, share => share.Refused)) { For = row => IsWindow(row) && row.Scenario.Instances == 64 },
        new("closed to others, window, learning included, %", 8, row => Whole(row, share => 100 * share.Closed)) { For = IsWindow },
        new("window, after a drop, s", 5, row => Seconds(row.Longest(figures => figures.Drop))) { For = row => IsWindow(row) && row.Scenario.Steps },
        new("window, after a rise, s", 300, row => Seconds(row.Longest(figures => figures.Rise))) { For = row => IsWindow(row) && row.Scenario.Steps },
        new("fairness (Jain), window, steady", 0.95, row => row.Mean(figures => figures.Jain)) { AtLeast = true, For = IsWindow },
        new("refused, bucket, learning included, ‰", 20, row => Whole(row, share => share.Refused)) { For = row => !IsWindow(row) },
        new("jobs out of retries", 0, row => row.Sum(figures => figures.OutOfRetries)),
        new("jobs left", 0, row => row.Sum(figures => figures.Unfinished)),
        new("held longer than the lock", 0, row => row.Sum(figures => figures.OverLock)),
    ];

    private static bool IsWindow(Row row) => row.Scenario.Shape == QuotaShape.Window;

    private static bool HasPeers(Row row) => row.Scenario is { Instances: 8, Shape: QuotaShape.Window } and ({ Late: 0 } or { Others: false, Steps: false });

    /// <summary>Of the peer that is refused least in the same scenario, hints aside, since peers read none.</summary>
    private static double OfBestPeer(Row row, IReadOnlyList<Row> rows, Func<Figures, Share> of)
    {
        var peers = rows.Where(peer => !peer.Contender.Ours && peer.Scenario with { Hints = row.Scenario.Hints } == row.Scenario).ToArray();
        var best = peers.Select(peer => peer.Mean(figures => of(figures).Refused)).Where(refused => !double.IsNaN(refused)).DefaultIfEmpty(double.NaN).Min();
        return row.Mean(figures => of(figures).Refused) / best;
    }

    private static double Steady(Row row, Func<Share, double> of) => row.Mean(figures => of(figures.Steady));

    private static double Whole(Row row, Func<Share, double> of) => row.Mean(figures => of(figures.Whole));

    private static double Seconds(TimeSpan? time) => time is { } known && known != Timeout.InfiniteTimeSpan ? known.TotalSeconds : Never;

    /// <summary>One of them.</summary>
    private sealed record Bar(string Name, double Limit, Func<Row, double> Of)
    {
        public bool AtLeast { get; init; }

        public Func<Row, bool> For { get; init; } = _ => true;

        private string Text => $"{(AtLeast ? "≥" : "≤")} {Limit}";

        public void AddTo(Table table, IEnumerable<Row> ours)
        {
            var measured = WorstFirst(ours.Where(For));
            if (measured is not [var (worst, value), ..])
            {
                table.Add(Name, Text, "-", "-", "-", "not played");
                return;
            }

            var seeds = WorstFirst(measured.SelectMany(each => each.Row.Seeds.Select(seed => each.Row with { Seeds = [seed] })));
            var missed = measured.Count(each => !Holds(each.Value));
            table.Add(Name, Text, Number(value), Number(seeds[0].Value), Where(worst.Scenario), missed == 0 ? "met" : $"missed in {missed} of {measured.Length}");
        }

        private static string Number(double value) => value == Never ? "never" : $"{value:0.###}";

        private static string Where(Scenario scenario) =>
            $"{scenario.Quota}; {scenario.Instances}, {scenario.Name}, {(scenario.Hints ? "hints" : "no hints")}";

        private (Row Row, double Value)[] WorstFirst(IEnumerable<Row> rows) =>
            [.. rows.Select(row => (Row: row, Value: Of(row))).OrderBy(each => AtLeast ? each.Value : -each.Value)];

        // A bar that could not be measured is missed.
        private bool Holds(double value) => AtLeast ? value >= Limit : value <= Limit;
    }
}
