using System.Diagnostics;
using Ungroup.Benchmarks.Processes;

namespace Ungroup.Benchmarks.Pipe;

/// <summary>
/// One run: a queue is filled, a worker is started, and the broker is asked how many requests are left. The first
/// messages only warm the worker up.
/// </summary>
internal static class PipeRun
{
    public const int Messages = 20_000;

    // A second or two of code that is being compiled would be a third of what a short run shows; a worker runs for days.
    private const int WarmUp = 20_000;

    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>Null where the contender is not installed.</summary>
    public static async Task<PipeResult?> RunAsync(PipeContender contender, int concurrency)
    {
        var (server, ecs, plain) = await EcsServer.StartAsync(WarmUp + Messages, spins: false);
        await using var simulator = server;
        await using var broker = await BrokerServer.StartAsync();
        await RequestQueue.FillAsync(broker, 0, WarmUp + Messages);
        await using var worker = await contender.StartAsync(broker.ConnectionString, contender.Removes ? ecs : plain, concurrency);
        if (worker is null)
        {
            return null;
        }

        ChildProcess[] processes = [worker.Process, broker.Process, simulator];
        var first = await WhenLeftAsync(Messages, broker, processes);
        var last = await WhenLeftAsync(0, broker, processes);
        await CheckAsync(broker, simulator, contender.Removes);

        var (settled, took) = (first.Left - last.Left, Stopwatch.GetElapsedTime(first.At, last.At));
        Sample[] samples = [.. first.Cpu.Zip(last.Cpu, (before, after) => new Sample(settled, took, after - before))];
        return new(samples[0], samples[1], samples[2], worker.Process.PeakMemory);
    }

    private static async Task<Moment> WhenLeftAsync(int left, BrokerServer broker, ChildProcess[] processes)
    {
        var started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) < Patience)
        {
            if ((await broker.CountAsync()).Open is var open && open <= left)
            {
                return new(open, Stopwatch.GetTimestamp(), [.. processes.Select(process => process.Cpu)]);
            }

            await Task.Delay(Glance, TimeProvider.System);
        }

        throw new TimeoutException($"More than {left} requests are left after {Patience}.");
    }

    /// <summary>A fast pipe that loses something, or calls twice, is not fast.</summary>
    private static async Task CheckAsync(BrokerServer broker, ChildProcess simulator, bool removes)
    {
        var backlog = await broker.CountAsync();
        var calls = await simulator.AskAsync("calls");
        if (backlog is not { DeadLettered: 0, Outcomes: WarmUp + Messages } || (removes && calls != $"{WarmUp + Messages} of {WarmUp + Messages}"))
        {
            throw new InvalidOperationException($"{WarmUp + Messages} removals came to {backlog} and {calls} effective calls.");
        }
    }

    private sealed record Moment(int Left, long At, TimeSpan[] Cpu);
}

/// <summary>The cost of the same messages for each process.</summary>
internal sealed record PipeResult(Sample Worker, Sample Broker, Sample Ecs, long WorkerPeakMemory);
