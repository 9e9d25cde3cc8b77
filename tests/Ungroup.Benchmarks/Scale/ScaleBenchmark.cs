namespace Ungroup.Benchmarks.Scale;

/// <summary>Whether a message takes longer, or the worker more memory, where a hundred times as many wait or were done before.</summary>
internal static class ScaleBenchmark
{
    private const int Rounds = 3;
    private const int MaximumMegabytes = 250;

    private static readonly int[] Sizes = [10_000, 100_000, 1_000_000];

    public static async Task RunAsync()
    {
        await BacklogsAsync();
        await LedgersAsync();
    }

    /// <summary>Every backlog to its end, once.</summary>
    public static async Task RunFullyAsync()
    {
        Console.WriteLine();
        Console.WriteLine("scale --full: every backlog drained to its end by one worker on the SQLite ledger, 0 ms ECS, once");
        var table = new Table(
            "backlog", $"s after the first {BacklogRun.WarmUp:N0}", "messages/s", "ms/message, first", "last", "last ÷ first", "CPU µs/message, first", "last", "worker peak MB",
            "broker peak MB", "ledger MB");
        foreach (var size in Sizes)
        {
            var run = await BacklogRun.DrainAsync(size);
            table.Add(
                $"{size:N0}",
                $"{run.Whole.Wall.TotalSeconds:N0}",
                $"{run.Whole.PerSecond:N0}",
                $"{Milliseconds(run.First):0.000}",
                $"{Milliseconds(run.Last):0.000}",
                $"{Milliseconds(run.Last) / Milliseconds(run.First):0.00}",
                $"{run.First.CpuMicroseconds:N0}",
                $"{run.Last.CpuMicroseconds:N0}",
                Megabytes(run.WorkerPeak),
                Megabytes(run.BrokerPeak),
                Megabytes(run.LedgerBytes));
            Console.WriteLine($"  {size:N0} are drained");
        }

        table.Print();
    }

    private static async Task BacklogsAsync()
    {
        Console.WriteLine();
        Console.WriteLine(
            $"scale: the first {BacklogRun.Stretch:N0} messages of a backlog after {BacklogRun.WarmUp:N0} that do not count, `ungroup worker` on a new "
            + $"SQLite ledger, broker in memory, 0 ms ECS; {Rounds} rounds in turns, medians; ratios are within a round");
        var runs = Sizes.ToDictionary(size => size, _ => new List<BacklogStretch>());
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var size in round % 2 == 0 ? Sizes : Sizes.Reverse())
            {
                var run = await BacklogRun.StretchAsync(size);
                runs[size].Add(run);
                Console.WriteLine($"  round {round + 1}, {size:N0}: {Milliseconds(run.Sample):0.000} ms/message, worker {Megabytes(run.WorkerPeak)} MB");
            }
        }

        var table = new Table(
            "backlog", "ms/message", "÷ 10,000", "CPU µs/message", "÷ 10,000", "worker peak MB", $"≤ {MaximumMegabytes}", "broker peak MB");
        foreach (var size in Sizes)
        {
            var (own, least) = (runs[size], runs[Sizes[0]]);
            var peak = own.Max(run => run.WorkerPeak);
            table.Add(
                $"{size:N0}",
                $"{Series.MedianOf(own.Select(run => Milliseconds(run.Sample))):0.000}",
                $"{Series.MedianOf(own.Zip(least, (ours, theirs) => Milliseconds(ours.Sample) / Milliseconds(theirs.Sample))):0.00}",
                $"{Series.MedianOf(own.Select(run => run.Sample.CpuMicroseconds)):N0}",
                $"{Series.MedianOf(own.Zip(least, (ours, theirs) => ours.Sample.CpuMicroseconds / theirs.Sample.CpuMicroseconds)):0.00}",
                Megabytes(peak),
                peak <= MaximumMegabytes * 1024L * 1024 ? "yes" : "no",
                Megabytes(own.Max(run => run.BrokerPeak)));
        }

        table.Print();
    }

    private static async Task LedgersAsync()
    {
        Console.WriteLine();
        Console.WriteLine(
            $"scale: {FilledLedger.Removals:N0} removals, 16 at once, in a SQLite ledger that holds so many records; claimed, noted as called, "
            + $"decided; {Rounds} rounds in turns, medians; ratios are within a round");
        List<FilledLedger> ledgers = [];
        try
        {
            foreach (var size in Sizes)
            {
                ledgers.Add(await FilledLedger.FillAsync(size));
            }

            for (var round = 0; round <= Rounds; round++)
            {
                foreach (var ledger in round % 2 == 0 ? ledgers : Enumerable.Reverse(ledgers))
                {
                    await ledger.PlayAsync(counts: round > 0);
                }
            }

            var table = new Table(
                "records", "removals/s", "÷ 10,000", "claim p50 ms", "p99", "CPU µs/removal", "÷ 10,000", "sweep's look ms", "file MB", "bytes/record");
            ledgers.ForEach(ledger => ledger.AddTo(table, ledgers[0]));
            table.Print();
        }
        finally
        {
            foreach (var ledger in ledgers)
            {
                await ledger.DisposeAsync();
            }
        }
    }

    private static double Milliseconds(Sample sample) => sample.Wall.TotalMilliseconds / sample.Count;

    private static string Megabytes(long bytes) => $"{bytes / 1024 / 1024:N0}";
}
