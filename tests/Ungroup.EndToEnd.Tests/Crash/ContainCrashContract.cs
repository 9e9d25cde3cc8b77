using System.Globalization;

namespace Ungroup.EndToEnd.Tests.Crash;

/// <summary>A worker that is killed while it contains and restores hosts: the end is the same as if nobody had been.</summary>
public abstract class ContainCrashContract
{
    private const int Hosts = 6;

    // A host takes about so many calls to be contained, and to be restored.
    private const int CallsOfAHost = 14;

    private static readonly int Runs =
        int.Parse(Environment.GetEnvironmentVariable("UNGROUP_CRASH_RUNS") ?? "1", CultureInfo.InvariantCulture);

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, Runs)];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>How often the worker is killed in each half of a run.</summary>
    private protected abstract int Kills { get; }

    private protected abstract Task<WorkerLedger> LedgerInAsync(DirectoryInfo folder);

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task A_worker_killed_while_it_contains_and_restores_ends_as_if_nobody_had_killed_it(int seed)
    {
        await using var site = await CrashSite.StartAsync(ContainWorld.Create(Hosts), LedgerInAsync, Stop);
        site.StartWorker();

        await RunAsync(site, seed, ContainWorld.Contain, "Contained", told: 0);
        foreach (var (resource, _) in Everything())
        {
            Assert.Equal([ContainWorld.Isolation], site.Ecs.World.GroupsOf(resource));
        }

        await RunAsync(site, seed, ContainWorld.Restore, "Restored", told: Hosts);
        foreach (var (resource, groups) in Everything())
        {
            Assert.Equal(groups.Order(), site.Ecs.World.GroupsOf(resource).Order());
            Assert.InRange(site.Ecs.World.ShortestMembership(resource), 1, int.MaxValue);
        }

        Assert.Equal(0, await site.Worker.StopAsync(Stop));
        Assert.DoesNotContain(site.Worker.Lines, line => line.Contains("defect", StringComparison.Ordinal));
    }

    private async Task RunAsync(CrashSite site, int seed, Func<int, (string, string)> request, string status, int told)
    {
        var before = site.Ecs.Requests.Count;
        await site.SendAsync(Enumerable.Range(0, Hosts).Select(request), Stop);
        foreach (var moment in KillMoment.Of(seed, Hosts * CallsOfAHost, [.. Enumerable.Repeat(Victim.Worker, Kills)]))
        {
            // The run may be over before its last moment comes.
            if (site.Told.Count < told + Hosts)
            {
                await site.Worker.UntilAsync(
                    () => site.Ecs.Requests.Count >= before + moment.AfterCalls || site.Told.Count >= told + Hosts,
                    () => $"{site.Ecs.Requests.Count - before} of {moment.AfterCalls} calls", Stop);
                await site.KillAndStartAsync(Victim.Worker, Stop);
            }
        }

        await site.UntilEndedAsync(told + Hosts, Stop);
        var outcomes = site.Told.Each().Where(outcome => outcome["data"]!["status"]!.GetValue<string>() == status).ToList();
        Assert.Equal(Hosts, outcomes.Count);
        Assert.Equal(told + Hosts, site.Told.Each().Count);
    }

    private static IEnumerable<KeyValuePair<string, string[]>> Everything() => Enumerable.Range(0, Hosts).SelectMany(ContainWorld.Interfaces);
}

public sealed class SqliteContainCrashTests : ContainCrashContract
{
    private protected override int Kills => 3;

    private protected override Task<WorkerLedger> LedgerInAsync(DirectoryInfo folder) => Task.FromResult(WorkerLedger.Sqlite(folder));
}

public sealed class TableContainCrashTests(Azurite.StorageAccount storage) : ContainCrashContract
{
    // Another machine's leases have to run out, half a minute after each kill.
    private protected override int Kills => 1;

    private protected override async Task<WorkerLedger> LedgerInAsync(DirectoryInfo folder) => WorkerLedger.Table(await storage.NewLedgerAsync());
}
