using Ungroup.Benchmarks.Processes;

namespace Ungroup.Benchmarks.Pipe;

/// <summary>
/// Message to outcome to settlement: with the ledger on disk, with one in memory, and by two that have none: a worker of the official
/// JavaScript clients, and the loop that somebody would write with the official .NET client. Each run has new processes.
/// </summary>
internal static class PipeBenchmark
{
    private const int Rounds = 3;

    private static readonly PipeContender[] Contenders =
        [PipeContender.Ours("Sqlite"), PipeContender.Ours("Memory"), PipeContender.DotNet, PipeContender.JavaScript];

    public static Task RunAsync() => RunAtAsync(16, 64, 128);

    /// <param name="concurrencies">How many messages at once.</param>
    public static async Task RunAtAsync(params IReadOnlyList<int> concurrencies)
    {
        Console.WriteLine();
        Console.WriteLine(
            $"pipe: {PipeRun.Messages:N0} messages from a queue through the worker to outcomes, 0 ms ECS, {Rounds} rounds in turns, medians; "
            + "ratios are within a round");
        var contenders = NodeScript.IsInstalled ? Contenders : [.. Contenders.Where(contender => contender != PipeContender.JavaScript)];
        if (contenders.Length < Contenders.Length)
        {
            Console.WriteLine(NodeScript.HowToInstall);
        }

        var table = new Table(
            "worker", "ledger", "concurrency", "messages/s", "CPU µs/message", "messages/s ÷ .NET", "CPU ÷ .NET",
            "messages/s ÷ JavaScript", "CPU ÷ JavaScript", "broker CPU µs", "ECS CPU µs", "peak MB");
        foreach (var concurrency in concurrencies)
        {
            var results = contenders.ToDictionary(contender => contender, _ => new Results());
            for (var round = 0; round < Rounds; round++)
            {
                foreach (var contender in round % 2 == 0 ? contenders : contenders.Reverse())
                {
                    results[contender].Add(await PipeRun.RunAsync(contender, concurrency)
                        ?? throw new InvalidOperationException(NodeScript.HowToInstall));
                }
            }

            foreach (var contender in contenders)
            {
                results[contender].AddTo(table, contender, concurrency, results[PipeContender.DotNet], results.GetValueOrDefault(PipeContender.JavaScript));
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

        public void AddTo(Table table, PipeContender contender, int concurrency, Results dotnet, Results? official) => table.Add(
            contender.Worker,
            contender.Ledger,
            $"{concurrency}",
            $"{_worker.Median(sample => sample.PerSecond):N0}",
            $"{_worker.Median(sample => sample.CpuMicroseconds):N0}",
            $"{_worker.Ratio(dotnet._worker, sample => sample.PerSecond):0.00}",
            $"{_worker.Ratio(dotnet._worker, sample => sample.CpuMicroseconds):0.00}",
            official is null ? "" : $"{_worker.Ratio(official._worker, sample => sample.PerSecond):0.00}",
            official is null ? "" : $"{_worker.Ratio(official._worker, sample => sample.CpuMicroseconds):0.00}",
            $"{_broker.Median(sample => sample.CpuMicroseconds):N0}",
            $"{_ecs.Median(sample => sample.CpuMicroseconds):N0}",
            $"{_peakMemory / 1024 / 1024}");
    }
}
