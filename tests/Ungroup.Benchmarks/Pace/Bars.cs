using Ungroup.Benchmarks.Pace.Measures;
using Ungroup.Benchmarks.Pace.Quotas;

namespace Ungroup.Benchmarks.Pace;

/// <summary>What we ask of ourselves, and how near the worst row of ours comes to it. Nothing fails for it.</summary>
internal static class Bars
{
    private const double Never = double.PositiveInfinity;

    public static void Print(IReadOnlyList<Row> rows)
    {
        var ours = rows.Where(row => row.Contender.Ours).ToArray();
        Console.WriteLine();
        Console.WriteLine("Bars, for each row of ours (the mean of its seeds; the worst seed where a time or a count is meant)");
        var table = new Table("bar", "", "worst", "in", "");
        foreach (var bar in All(rows))
        {
            bar.AddTo(table, ours);
        }

        table.Print();
    }

    private static IEnumerable<Bar> All(IReadOnlyList<Row> rows) =>
    [
        new("used of the target, 1 to 8 instances, steady, %", 95, row => Steady(row, share => 100 * row.OfTarget(share))) { AtLeast = true, For = row => row.Scenario.Instances <= 8 },
        new("used of the target, 64 instances, steady, %", 92, row => Steady(row, share => 100 * row.OfTarget(share))) { AtLeast = true, For = row => row.Scenario.Instances == 64 },
        .. Refused("window", 2, QuotaShape.Window),
        .. Refused("bucket", 10, QuotaShape.Bucket),
        new("refused ÷ best peer's, 8 instances, steady", 0.1, row => OfBestPeer(row, rows, figures => figures.Steady)) { For = row => row.Scenario.Instances == 8 },
        new("refused ÷ best peer's, 8 instances, whole run", 0.1, row => OfBestPeer(row, rows, figures => figures.Whole)) { For = row => row.Scenario.Instances == 8 },
        new("closed to others, steady, %", 1, row => Steady(row, share => 100 * share.Closed)),
        new("closed to others, whole run, %", 1, row => Whole(row, share => 100 * share.Closed)),
        new("after a drop, s", 5, row => Seconds(row.Longest(figures => figures.Drop))) { For = row => row.Scenario.Steps },
        new("after a rise, s", 2 * QuotaPlan.Window.TotalSeconds, row => Seconds(row.Longest(figures => figures.Rise))) { For = row => row.Scenario.Steps },
        new("jobs out of retries", 0, row => row.Sum(figures => figures.OutOfRetries)),
        new("jobs left", 0, row => row.Sum(figures => figures.Unfinished)),
        new("fairness (Jain), steady", 0.95, row => row.Mean(figures => figures.Jain)) { AtLeast = true },
        new("held longer than the lock", 0, row => row.Sum(figures => figures.OverLock)),
    ];

    private static IEnumerable<Bar> Refused(string name, double most, QuotaShape shape) =>
    [
        new($"refused, {name}, steady, ‰", most, row => Steady(row, share => share.Refused)) { For = row => row.Scenario.Shape == shape },
        new($"refused, {name}, whole run, ‰", most, row => Whole(row, share => share.Refused)) { For = row => row.Scenario.Shape == shape },
    ];

    /// <summary>Of the peer that is refused least in the same scenario, hints aside, since peers read none.</summary>
    private static double OfBestPeer(Row row, IReadOnlyList<Row> rows, Func<Figures, Share> of)
    {
        var peers = rows.Where(peer => !peer.Contender.Ours && peer.Scenario with { Hints = row.Scenario.Hints } == row.Scenario).ToArray();
        return row.Mean(figures => of(figures).Refused) / peers.Min(peer => peer.Mean(figures => of(figures).Refused));
    }

    private static double Steady(Row row, Func<Share, double> of) => row.Mean(figures => of(figures.Steady));

    private static double Whole(Row row, Func<Share, double> of) => row.Mean(figures => of(figures.Whole));

    private static double Seconds(TimeSpan? time) => time is { } known && known != Timeout.InfiniteTimeSpan ? known.TotalSeconds : Never;

    /// <summary>One of them.</summary>
    private sealed record Bar(string Name, double Limit, Func<Row, double> Of)
    {
        public bool AtLeast { get; init; }

        public Func<Row, bool> For { get; init; } = _ => true;

        public void AddTo(Table table, IEnumerable<Row> ours)
        {
            var measured = ours.Where(For).Select(row => (Row: row, Value: Of(row))).OrderBy(each => AtLeast ? each.Value : -each.Value).ToArray();
            if (measured is [var (worst, value), ..])
            {
                var missed = measured.Count(each => AtLeast ? !(each.Value >= Limit) : !(each.Value <= Limit));
                table.Add(
                    Name,
                    $"{(AtLeast ? "≥" : "≤")} {Limit}",
                    value == Never ? "never" : $"{value:0.###}",
                    $"{worst.Scenario.Quota}; {worst.Scenario.Instances}, {worst.Scenario.Name}, {(worst.Scenario.Hints ? "hints" : "no hints")}",
                    missed == 0 ? "met" : $"missed in {missed} of {measured.Length} rows");
            }
            else
            {
                table.Add(Name, $"{(AtLeast ? "≥" : "≤")} {Limit}", "-", "-", "not played");
            }
        }
    }
}
