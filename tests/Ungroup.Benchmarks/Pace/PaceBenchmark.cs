using System.Collections.Concurrent;
using System.Diagnostics;
using Ungroup.Benchmarks.Pace.Measures;
using Ungroup.Benchmarks.Pace.Worlds;

namespace Ungroup.Benchmarks.Pace;

/// <summary>How close a fleet keeps to a quota that it is not told, and whom it locks out meanwhile; in virtual time.</summary>
internal static class PaceBenchmark
{
    private const int Seeds = 3;

    // Each seed stands for several sources of chance, which are next to it.
    private const int SeedStep = 100;

    public static Task RunAsync() => RunAsync(1, Seeds);

    public static Task RunQuicklyAsync() => RunAsync(1, 1);

    /// <param name="first">The first of the seeds; other seeds are another run.</param>
    public static Task RunFromAsync(int first) => RunAsync(first, Seeds);

    /// <summary>One seed, without the peers: to see in minutes what a change of ours does.</summary>
    public static Task RunOursAsync(int seed) => RunAsync(seed, 1, [.. Contenders.All.Where(contender => contender.Ours)]);

    private static Task RunAsync(int first, int seeds) => RunAsync(first, seeds, Contenders.All);

    private static Task RunAsync(int first, int seeds, IReadOnlyList<Contender> contenders)
    {
        SelfCheck.Run();
        var started = Stopwatch.GetTimestamp();
        Console.WriteLine();
        Console.WriteLine($"pace: a fleet and a quota; {seeds} seed{(seeds == 1 ? "" : "s")} from {first}");
        PaceTable.PrintDefinitions();
        var rows = Play(first, seeds, contenders);
        foreach (var quota in rows.GroupBy(row => row.Scenario.Quota))
        {
            PaceTable.Print(quota.Key, quota);
        }

        Bars.Print(rows);
        Console.WriteLine($"{rows.Count * seeds} runs in {Stopwatch.GetElapsedTime(started).TotalSeconds:0} s");
        return Task.CompletedTask;
    }

    private static List<Row> Play(int first, int seeds, IReadOnlyList<Contender> contenders)
    {
        var runs = contenders
            .SelectMany(contender => Programme.For(contender).Select(scenario => (Contender: contender, Scenario: scenario)))
            .SelectMany(pair => Enumerable.Range(first, seeds).Select(seed => (pair.Contender, pair.Scenario, Seed: seed)))
            .ToArray();
        var figures = new ConcurrentDictionary<(Contender, Scenario, int), Figures>();
        Parallel.ForEach(
            Partitioner.Create(runs, loadBalance: true),
            new ParallelOptions { MaxDegreeOfParallelism = 2 },
            run => figures[run] = Figures.Of(run.Scenario, run.Contender, World.Run(run.Scenario, run.Contender, SeedStep * run.Seed)));
        return
        [
            .. runs.GroupBy(run => (run.Contender, run.Scenario))
                .Select(pair => new Row(pair.Key.Contender, pair.Key.Scenario, [.. pair.Select(run => figures[run])])),
        ];
    }
}
