namespace Ungroup.Benchmarks.Pipe;

/// <summary>Message to outcome to settlement, with the ledger on disk and, as the peer, in memory. Each run has new processes.</summary>
internal static class PipeBenchmark
{
    private const int Rounds = 5;

    private static readonly string[] Ledgers = ["Sqlite", "Memory"];
    private static readonly int[] Concurrencies = [16, 64];

    public static async Task RunAsync()
    {
        Console.WriteLine();
        Console.WriteLine(
            $"pipe: {PipeRun.Messages:N0} messages from a queue through the worker to outcomes, 0 ms ECS, {Rounds} rounds in turns, medians; ratios are within a round");
        var table = new Table(
            "ledger", "concurrency", "messages/s", "CPU µs/message", "messages/s ÷ memory", "CPU ÷ memory", "broker CPU µs", "ECS CPU µs", "peak MB");
        foreach (var concurrency in Concurrencies)
        {
            var results = Ledgers.ToDictionary(ledger => ledger, _ => new Results());
            for (var round = 0; round < Rounds; round++)
            {
                foreach (var ledger in round % 2 == 0 ? Ledgers : Ledgers.Reverse())
                {
                    results[ledger].Add(await PipeRun.RunAsync(ledger, concurrency));
                }
            }

            foreach (var ledger in Ledgers)
            {
                results[ledger].AddTo(table, ledger, concurrency, results["Memory"]);
            }
        }

        table.Print();
    }

    private sealed class Results
    {
        private readonly Series worker = new();
        private readonly Series broker = new();
        private readonly Series ecs = new();
        private long peakMemory;

        public void Add(PipeResult result)
        {
            worker.Add(result.Worker);
            broker.Add(result.Broker);
            ecs.Add(result.Ecs);
            peakMemory = Math.Max(peakMemory, result.WorkerPeakMemory);
        }

        public void AddTo(Table table, string ledger, int concurrency, Results peer) => table.Add(
            ledger,
            $"{concurrency}",
            $"{worker.Median(sample => sample.PerSecond):N0}",
            $"{worker.Median(sample => sample.CpuMicroseconds):N0}",
            $"{worker.Ratio(peer.worker, sample => sample.PerSecond):0.00}",
            $"{worker.Ratio(peer.worker, sample => sample.CpuMicroseconds):0.00}",
            $"{broker.Median(sample => sample.CpuMicroseconds):N0}",
            $"{ecs.Median(sample => sample.CpuMicroseconds):N0}",
            $"{peakMemory / 1024 / 1024}");
    }
}
