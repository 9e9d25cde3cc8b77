using Ungroup.Benchmarks.Pace.Measures;
using Ungroup.Benchmarks.Pace.Quotas;

namespace Ungroup.Benchmarks.Pace;

/// <summary>
/// What we ask of ourselves, and how near the worst row of ours comes to it. Nothing fails for it. Windows that turn late are not among
/// them: of two minutes nobody can know when the second one turns, and the steady part begins after them.
/// </summary>
internal static class Bars
{
    private const double Never = double.PositiveInfinity;

    public static void Print(IReadOnlyList<Row> rows)
    {
        var ours = rows.Where(row => row.Contender.Ours && row.Scenario.Late == 0).ToArray();
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
        Used("1 to 8 instances", 95, row => row.Scenario.Instances <= 8),
        Used("64 instances", 92, row => row.Scenario.Instances == 64),
        .. Refused("window", 2, QuotaShape.Window),
        .. Refused("bucket", 10, QuotaShape.Bucket),
        new("refused ÷ best peer's, 8 instances, steady", 0.1, row => OfBestPeer(row, rows, figures => figures.Steady)) { For = HasPeers },
        new("refused ÷ best peer's, 8 instances, whole run", 0.1, row => OfBestPeer(row, rows, figures => figures.Whole)) { For = HasPeers },
        new("closed to others, steady, %", 1, row => Steady(row, share => 100 * share.Closed)),
        new("closed to others, whole run, %", 1, row => Whole(row, share => 100 * share.Closed)),
        new("after a drop, s", 5, row => Seconds(row.Longest(figures => figures.Drop))) { For = HasSteps },
        new("after a rise, s", 2 * QuotaPlan.Window.TotalSeconds, row => Seconds(row.Longest(figures => figures.Rise))) { For = HasSteps },
        new("jobs out of retries", 0, row => row.Sum(figures => figures.OutOfRetries)),
        new("jobs left", 0, row => row.Sum(figures => figures.Unfinished)),
        new("fairness (Jain), steady", 0.95, row => row.Mean(figures => figures.Jain)) { AtLeast = true },
        new("held longer than the lock", 0, row => row.Sum(figures => figures.OverLock)),
    ];

    private static bool HasPeers(Row row) => row.Scenario.Instances == 8;

    private static bool HasSteps(Row row) => row.Scenario.Steps;

    private static Bar Used(string fleet, double least, Func<Row, bool> isFor) =>
        new($"used of the target, {fleet}, steady, %", least, row => Steady(row, share => 100 * row.OfTarget(share))) { AtLeast = true, For = isFor };

    private static IEnumerable<Bar> Refused(string name, double most, QuotaShape shape) =>
    [
        new($"refused, {name}, steady, ‰", most, row => Steady(row, share => share.Refused)) { For = row => row.Scenario.Shape == shape },
        new($"refused, {name}, whole run, ‰", most, row => Whole(row, share => share.Refused)) { For = row => row.Scenario.Shape == shape },
    ];

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

        // What could not be measured is missed.
        private bool Holds(double value) => AtLeast ? value >= Limit : value <= Limit;
    }
}
