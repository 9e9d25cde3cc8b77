using System.Diagnostics;
using Ungroup.Benchmarks.Processes;

namespace Ungroup.Benchmarks.Starts;

/// <summary>A broker and a simulator that are up before any worker is; each start finds one message.</summary>
internal sealed class Arena : IAsyncDisposable
{
    private const int Concurrency = 16;

    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly BrokerServer _broker;
    private readonly ChildProcess _simulator;
    private readonly Uri _ecs;
    private int _messages;

    private Arena(BrokerServer broker, ChildProcess simulator, Uri ecs) => (_broker, _simulator, _ecs) = (broker, simulator, ecs);

    /// <param name="starts">How many there will be; each takes another instance out of the group.</param>
    public static async Task<Arena> OpenAsync(int starts)
    {
        var broker = await BrokerServer.StartAsync();
        var (simulator, ecs, _) = await EcsServer.StartAsync(starts, spins: false);
        return new(broker, simulator, ecs);
    }

    public async Task<FirstMessage> StartAsync(Publication publication)
    {
        await RequestQueue.FillAsync(_broker, _messages++, 1);
        var start = publication.Form.Project == Publication.FunctionApp
            ? await FunctionAppStart.RunAsync(publication.Folder, _broker.ConnectionString, _ecs)
            : await StartWorkerAsync(Path.Combine(publication.Folder, "ungroup"));
        if (await _simulator.AskAsync("calls") is var calls && calls != $"{_messages} of {_messages}")
        {
            throw new InvalidOperationException($"{_messages} removals came to {calls} effective calls.");
        }

        return start;
    }

    public async ValueTask DisposeAsync()
    {
        await _broker.DisposeAsync();
        await _simulator.DisposeAsync();
    }

    private async Task<FirstMessage> StartWorkerAsync(string program)
    {
        await using var worker = WorkerProcess.Start(_broker.ConnectionString, _ecs, "Sqlite", Concurrency, program);
        await UntilAsync(backlog => backlog.Outcomes == _messages);
        var start = new FirstMessage(Stopwatch.GetElapsedTime(worker.Process.Started), worker.Process.Cpu, worker.Process.PeakMemory);

        // Its message would otherwise come back to the next worker.
        await UntilAsync(backlog => backlog.Open == 0);
        return start;
    }

    private async Task UntilAsync(Func<Backlog, bool> isSo)
    {
        var started = Stopwatch.GetTimestamp();
        for (var backlog = await _broker.CountAsync(); !isSo(backlog); backlog = await _broker.CountAsync())
        {
            if (Stopwatch.GetElapsedTime(started) > Patience)
            {
                throw new TimeoutException($"The broker still has {backlog} after {Patience}.");
            }

            await Task.Delay(Glance, TimeProvider.System);
        }
    }
}

/// <summary>One start: how long until the first message was done, and what the process had used by then.</summary>
internal sealed record FirstMessage(TimeSpan Wait, TimeSpan Cpu, long PeakMemory);
