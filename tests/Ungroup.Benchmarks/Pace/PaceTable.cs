using Ungroup.Benchmarks.Pace.Measures;

namespace Ungroup.Benchmarks.Pace;

/// <summary>The rows of one quota as text.</summary>
internal static class PaceTable
{
    private const string Definitions = """
        Virtual time. Instances of 16 calls at once, 15 to 30 ms a call (20 on average), judged when half of that has passed; 5 ms to
        settle a message; locks of 60 s, never renewed. A refused call takes nothing from the quota. Runs start anywhere within a minute.
        Backlog of ten windows. "others": tenants that send a fifth of the quota at random times and are refused as everybody is.
        "17 s late": the window turns 17 s after the clock's minute, and nobody is told.
        "steps": 50 → 10 → 50 calls a second, each for about six minutes, changing 25 s into a minute; what is used up stays used up.
        No contender is told the quota, but the one whose name says so. The peers read no hint, so hints do not change them.

        Two figures with a stroke are the steady part and the whole run. Steady: from two windows after the start, and after each step,
        to the next step or to when the queue hands out its last message; in the window shape whole windows only.
          used        calls served ÷ (quota by time − calls of other tenants that were served); over 100 % where a run touches parts of
                      windows and uses all of them, or what a bucket held before
          of target   the same ÷ (1 − the reserve that the contender keeps: 20 % for ours, none for the peers)
          refused     calls refused of 1,000 sent
          closed      share of the time in which whoever called would be refused (window used up; less than one token in the bucket)
          drop        bucket: seconds from the drop until the calls sent in the ten seconds that follow fit into 1.2 × the new rate, with
                      one second of the new rate at once. Window: from the first refusal, before which nobody can know, until no more than
                      one call a second is sent before the window turns, if no later window of the low quota sees more than 1.05 × it
                      sent; otherwise until the last that does has ended
          rise        seconds from the rise until 0.9 × the target is served. Bucket: over the ten seconds before. Window: until the
                      start of the first window of which it is
          out         jobs out of retries        left   jobs not settled after six times the time it should take
          Jain        (Σx)² ÷ (n Σx²) of the calls served per instance, steady
          hold        time from receiving a message to settling or postponing it; over lock: how many were held for more than 60 s
          postponed   times a message was given back, on average
          o. refused  calls of other tenants refused of 1,000 of theirs, whole run
        Shares are means over the seeds; drop, rise and the longest hold are the worst seed's; counts are sums over the seeds.
        """;

    public static void PrintDefinitions() => Console.WriteLine(Definitions);

    public static void Print(string quota, IEnumerable<Row> rows)
    {
        Console.WriteLine();
        Console.WriteLine(quota);
        var table = new Table(
            "contender", "instances", "scenario", "hints", "used %", "of target %", "refused ‰", "closed %", "drop s", "rise s", "out", "left",
            "Jain", "hold p99 s", "longest", "over lock", "postponed", "o. refused ‰");
        foreach (var row in rows)
        {
            table.Add(
                row.Contender.Name,
                $"{row.Scenario.Instances}",
                row.Scenario.Name,
                row.Scenario.Hints ? "yes" : "no",
                Both(row, share => 100 * share.Used, "0.0"),
                Both(row, share => 100 * row.OfTarget(share), "0.0"),
                Both(row, share => share.Refused, "0.0"),
                Both(row, share => 100 * share.Closed, "0.00"),
                Seconds(row.Longest(figures => figures.Drop)),
                Seconds(row.Longest(figures => figures.Rise)),
                $"{row.Sum(figures => figures.OutOfRetries)}",
                $"{row.Sum(figures => figures.Unfinished)}",
                Number(row.Mean(figures => figures.Jain), "0.000"),
                Number(row.Mean(figures => figures.HoldP99.TotalSeconds), "0.0"),
                Seconds(row.Longest(figures => figures.HoldMax)),
                $"{row.Sum(figures => figures.OverLock)}",
                Number(row.Mean(figures => figures.Postponed), "0.00"),
                row.Scenario.Others ? Number(row.Mean(figures => figures.OthersRefused), "0.0") : "-");
        }

        table.Print();
    }

    public static string Seconds(TimeSpan? time) => time switch
    {
        null => "-",
        { } never when never == Timeout.InfiniteTimeSpan => "never",
        { } known => $"{known.TotalSeconds:0.0}",
    };

    private static string Both(Row row, Func<Share, double> of, string format) =>
        $"{Number(row.Mean(figures => of(figures.Steady)), format)} / {Number(row.Mean(figures => of(figures.Whole)), format)}";

    private static string Number(double value, string format) => double.IsNaN(value) ? "-" : value.ToString(format);
}
