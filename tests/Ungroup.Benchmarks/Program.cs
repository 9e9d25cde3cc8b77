using Ungroup.Benchmarks;
using Ungroup.Benchmarks.Calls;
using Ungroup.Benchmarks.Incidents;
using Ungroup.Benchmarks.Jobs;
using Ungroup.Benchmarks.Ledgers;
using Ungroup.Benchmarks.Pace;
using Ungroup.Benchmarks.Pipe;
using Ungroup.Benchmarks.Processes;
using Ungroup.Benchmarks.Regions;
using Ungroup.Benchmarks.Scale;
using Ungroup.Benchmarks.Starts;
using Ungroup.Cli;

return args switch
{
    [] => await RunAsync(CallsBenchmark.RunAsync, LedgerBenchmark.RunAsync, PaceBenchmark.RunAsync, PipeBenchmark.RunAsync),
    ["calls"] => await RunAsync(CallsBenchmark.RunAsync),
    ["ledger"] => await RunAsync(LedgerBenchmark.RunAsync),
    ["pace"] => await RunAsync(PaceBenchmark.RunAsync),
    ["pace", "--quick"] => await RunAsync(PaceBenchmark.RunQuicklyAsync),
    ["pace", "--ours", var only] when int.TryParse(only, out var seed) => await RunAsync(() => PaceBenchmark.RunOursAsync(seed)),
    ["pace", "--from", var first] when int.TryParse(first, out var seed) => await RunAsync(() => PaceBenchmark.RunFromAsync(seed)),
    ["pipe"] => await RunAsync(PipeBenchmark.RunAsync),
    ["incidents"] => await RunAsync(IncidentBenchmark.RunAsync),
    ["regions"] => await RunAsync(RegionsBenchmark.RunAsync),
    ["pipe", "--at", var atOnce] when int.TryParse(atOnce, out var only) => await RunAsync(() => PipeBenchmark.RunAtAsync(only)),

    // Only when they are asked for: one builds the worker anew, the other takes many minutes.
    ["start"] => await RunAsync(StartBenchmark.RunAsync),
    ["jobs", var resources, var store] when int.TryParse(resources, out var size) && store is "sqlite" or "table" => await RunAsync(() => JobsBenchmark.RunAsync(size, store == "table")),
    ["scale"] => await RunAsync(ScaleBenchmark.RunAsync),
    ["scale", "--full"] => await RunAsync(ScaleBenchmark.RunFullyAsync),

    // This program again, as the processes that a benchmark starts beside itself.
    [EcsServer.Argument, var instances] => await EcsServer.ServeAsync(int.Parse(instances)),
    [BrokerServer.Argument] => await BrokerServer.ServeAsync(),
    [DotNetLoop.Argument, var bus, var requests, var outcomes, var concurrency, var ecs] =>
        await DotNetLoop.RunAsync(bus, requests, outcomes, int.Parse(concurrency), new Uri(ecs)),
    [WorkerProcess.Argument, ..] => await WorkerProcess.RunAsync(args),
    _ => Usage(),
};

static async Task<int> RunAsync(params Func<Task>[] benchmarks)
{
    Machine.Print();
    foreach (var benchmark in benchmarks)
    {
        await benchmark();
    }

    return ExitCode.Done;
}

static int Usage()
{
    Console.Error.WriteLine("usage: Ungroup.Benchmarks [calls | ledger | pace [--quick | --from SEED | --ours SEED] | pipe [--at NUMBER] | incidents | regions | start | scale [--full] | jobs NUMBER sqlite|table]");
    return ExitCode.BadArguments;
}
