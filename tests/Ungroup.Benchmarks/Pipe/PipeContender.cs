using Ungroup.Benchmarks.Processes;

namespace Ungroup.Benchmarks.Pipe;

/// <summary>A worker to fill the pipe with.</summary>
/// <param name="Worker">Whose it is.</param>
/// <param name="Ledger">Says what it writes down, and where.</param>
/// <param name="Removes">Whether it calls the simulator, which counts; else an endpoint that gives everybody the same answer.</param>
/// <param name="StartAsync">Starts it on a bus, with ECS at an address and so many messages at once; null where it is not installed.</param>
internal sealed record PipeContender(string Worker, string Ledger, bool Removes, Func<string, Uri, int, Task<WorkerProcess?>> StartAsync)
{
    public static PipeContender Ours(string ledger) =>
        new("Ungroup", ledger, Removes: true, (bus, ecs, concurrency) => Task.FromResult<WorkerProcess?>(WorkerProcess.Start(bus, ecs, ledger, concurrency)));

    public static PipeContender JavaScript { get; } = new("official JavaScript", "none", Removes: true, WorkerProcess.StartJavaScriptAsync);

    public static PipeContender DotNet { get; } = new(
        "official .NET, a loop", "none", Removes: false, async (bus, ecs, concurrency) => await WorkerProcess.StartDotNetAsync(bus, ecs, concurrency));
}
