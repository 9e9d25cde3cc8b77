using System.Diagnostics;
using Ungroup.Benchmarks.Processes;

namespace Ungroup.Benchmarks.Scale;

/// <summary>A backlog that a worker finds: new processes each time, and the queue is full before the worker starts.</summary>
internal sealed class BacklogRun : IAsyncDisposable
{
    public const int WarmUp = 2_000;
    public const int Stretch = 8_000;

    private const int Concurrency = 16;

    // Taken by the worker between the end of the stretch and its own.
    private const int Margin = 5_000;

    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly ChildProcess _simulator;
    private readonly BrokerServer _broker;
    private readonly WorkerProcess _worker;
    private readonly int _size;

    private BacklogRun(ChildProcess simulator, BrokerServer broker, WorkerProcess worker, int size) =>
        (_simulator, _broker, _worker, _size) = (simulator, broker, worker, size);

    /// <summary>Only the first messages of a backlog.</summary>
    public static async Task<BacklogStretch> StretchAsync(int size)
    {
        // The simulator is the same for every backlog, and so does not tell them apart.
        await using var run = await StartAsync(size, WarmUp + Stretch + Margin);
        var (first, last) = (await run.WhenDoneAsync(WarmUp), await run.WhenDoneAsync(WarmUp + Stretch));
        return new(Between(first, last), run._worker.Process.PeakMemory, run._broker.Process.PeakMemory);
    }

    /// <summary>All of it: the first stretch, the last, and the whole.</summary>
    public static async Task<DrainedBacklog> DrainAsync(int size)
    {
        await using var run = await StartAsync(size, size);
        var (first, second) = (await run.WhenDoneAsync(WarmUp), await run.WhenDoneAsync(WarmUp + Stretch));
        var (next, last) = size < WarmUp + (2 * Stretch) ? (first, second) : (await run.WhenDoneAsync(size - Stretch), await run.WhenDoneAsync(size));
        var backlog = await run._broker.CountAsync();
        if (backlog is not { Open: 0, DeadLettered: 0 } || backlog.Outcomes != size)
        {
            throw new InvalidOperationException($"{size} requests came to {backlog}.");
        }

        return new(
            Between(first, second), Between(next, last), Between(first, last), run._worker.Process.PeakMemory, run._broker.Process.PeakMemory,
            run._worker.LedgerBytes);
    }

    public async ValueTask DisposeAsync()
    {
        await _worker.DisposeAsync();
        await _broker.DisposeAsync();
        await _simulator.DisposeAsync();
    }

    private static async Task<BacklogRun> StartAsync(int size, int instances)
    {
        var (simulator, ecs, _) = await EcsServer.StartAsync(instances, spins: false);
        var broker = await BrokerServer.StartAsync();
        await RequestQueue.FillAsync(broker, 0, size);
        return new(simulator, broker, WorkerProcess.Start(broker.ConnectionString, ecs, "Sqlite", Concurrency), size);
    }

    private static Sample Between(Moment first, Moment last) =>
        new(last.Done - first.Done, Stopwatch.GetElapsedTime(first.At, last.At), last.Cpu - first.Cpu);

    private async Task<Moment> WhenDoneAsync(int count)
    {
        var (progress, moved) = (0, Stopwatch.GetTimestamp());
        while (true)
        {
            var backlog = await _broker.CountAsync();
            if (backlog.DeadLettered > 0)
            {
                throw new InvalidOperationException($"A backlog of {_size} came to {backlog}.");
            }

            var done = _size - backlog.Open;
            if (done >= count)
            {
                return new(done, Stopwatch.GetTimestamp(), _worker.Process.Cpu);
            }

            if (done > progress)
            {
                (progress, moved) = (done, Stopwatch.GetTimestamp());
            }
            else if (Stopwatch.GetElapsedTime(moved) > Patience)
            {
                throw new TimeoutException($"{done} of {_size} are done, and none more in {Patience}.");
            }

            await Task.Delay(Glance, TimeProvider.System);
        }
    }

    private sealed record Moment(int Done, long At, TimeSpan Cpu);
}

/// <summary>The time of the first messages of a backlog.</summary>
internal sealed record BacklogStretch(Sample Sample, long WorkerPeak, long BrokerPeak);

/// <summary>The time of a whole backlog.</summary>
internal sealed record DrainedBacklog(Sample First, Sample Last, Sample Whole, long WorkerPeak, long BrokerPeak, long LedgerBytes);
