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
            $"pipe: {PipeRun.Messages:N0} messages from a queue through the worker to outcomes, 0 ms ECS, {Rounds} rounds in turns, medians; "
            + "ratios are within a round");
        var table = new Table(
            "ledger", "concurrency", "messages/s", "CPU µs/message", "messages/s ÷ memory", "CPU ÷ memory",
            "broker CPU µs", "ECS CPU µs", "peak MB");
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
        private readonly Series _worker = new();
        private readonly Series _broker = new();
        private readonly Series _ecs = new();
        private long _peakMemory;

        public void Add(PipeResult result)
        {
            _worker.Add(result.Worker);
            _broker.Add(result.Broker);
            _ecs.Add(result.Ecs);
            _peakMemory = Math.Max(_peakMemory, result.WorkerPeakMemory);
        }

        public void AddTo(Table table, string ledger, int concurrency, Results peer) => table.Add(
            ledger,
            $"{concurrency}",
            $"{_worker.Median(sample => sample.PerSecond):N0}",
            $"{_worker.Median(sample => sample.CpuMicroseconds):N0}",
            $"{_worker.Ratio(peer._worker, sample => sample.PerSecond):0.00}",
            $"{_worker.Ratio(peer._worker, sample => sample.CpuMicroseconds):0.00}",
            $"{_broker.Median(sample => sample.CpuMicroseconds):N0}",
            $"{_ecs.Median(sample => sample.CpuMicroseconds):N0}",
            $"{_peakMemory / 1024 / 1024}");
    }
}
