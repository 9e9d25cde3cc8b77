// The handler, the ledger, the pace and the ECS client as they are, in a world that is simulated: a broker, a store, ECS, a bus
// and clocks, under one scheduler and one source of chance. A seed goes wrong the same way each time.
//
//   dotnet run -c Release --project tests/Ungroup.Simulation -- --seeds 10000            as many lives, from a seed by chance
//   dotnet run -c Release --project tests/Ungroup.Simulation -- --seeds 100 --from 7     the same hundred each time
//   dotnet run -c Release --project tests/Ungroup.Simulation -- --seeds 100 --only jobs  a hundred in which jobs are submitted
//   dotnet run -c Release --project tests/Ungroup.Simulation -- --replay-seed 42         one life, all that happened in it
//   dotnet run -c Release --project tests/Ungroup.Simulation -- --variant CalledIsLost   something is broken on purpose
//
// Time/ is the scheduler, Cloud/ the world around the workers, Workers/ what a host does around the product, Plan/ what is asked
// and what goes wrong, Story/ what happened, Invariants/ what must be true of it. Exit code 0: everything held.
using System.Diagnostics;
using System.Security.Cryptography;
using Ungroup.Simulation;

var settings = Settings.Parse(args, static () => (ulong)RandomNumberGenerator.GetInt32(int.MaxValue));
if (settings is null)
{
    Console.Error.WriteLine(Settings.Usage);
    return 2;
}

if (settings.Replay is { } seed)
{
    return Report.Replay(Console.Out, Life.Run(seed, settings.Variant), settings.Variant);
}

Console.WriteLine($"{settings.Seeds} seeds from {settings.From}{(settings.OnlyJobs ? " that have jobs" : "")}, {settings.Threads} threads, variant {settings.Variant}");
var watch = Stopwatch.StartNew();
var runs = new SeedRuns(settings.From, settings.Seeds, settings.Variant, settings.OnlyJobs);
runs.Run(settings.Threads);
return Report.Of(Console.Out, runs, settings.Variant, watch.Elapsed);
