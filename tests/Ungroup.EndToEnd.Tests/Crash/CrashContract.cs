using System.Globalization;
using Ungroup.Cli.Sandbox;

namespace Ungroup.EndToEnd.Tests.Crash;

/// <summary>Nothing is lost and nothing is done twice, on any ledger and whoever is killed.</summary>
public abstract class CrashContract
{
    private const int Requests = 200;

    // One run of each shows that it works at all; UNGROUP_CRASH_RUNS asks for more.
    private static readonly int Runs =
        int.Parse(Environment.GetEnvironmentVariable("UNGROUP_CRASH_RUNS") ?? "1", CultureInfo.InvariantCulture);

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, Runs)];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Seeds))]
    public Task Fault_14_A_worker_killed_at_any_moment_and_started_again_loses_nothing_and_does_nothing_twice(int seed) =>
        RunAsync(seed, Victim.Worker);

    [Theory]
    [MemberData(nameof(Seeds))]
    public Task A_broker_killed_up_to_three_times_and_started_again_loses_nothing_and_nothing_is_done_twice(int seed) =>
        RunAsync(seed, [.. Enumerable.Repeat(Victim.Broker, 1 + (seed % 3))]);

    [Theory]
    [MemberData(nameof(Seeds))]
    public Task A_worker_and_a_broker_killed_in_one_run_lose_nothing_and_do_nothing_twice(int seed) =>
        RunAsync(seed, seed % 2 == 0 ? [Victim.Worker, Victim.Broker] : [Victim.Broker, Victim.Worker]);

    /// <summary>Where the workers of one run keep their ledger; the folder is that run's own.</summary>
    private protected abstract Task<WorkerLedger> LedgerInAsync(DirectoryInfo folder);

    private protected async Task RunAsync(int seed, params IReadOnlyList<Victim> victims)
    {
        var started = TimeProvider.System.GetTimestamp();
        var moments = KillMoment.Of(seed, Requests, victims);
        await using var site = await CrashSite.StartAsync(CrashWorld.Create(Requests), LedgerInAsync, Stop);
        await site.SendAsync(Enumerable.Range(0, Requests).Select(CrashWorld.Request), Stop);
        site.StartWorker();
        foreach (var moment in moments)
        {
            await site.UntilCallsAsync(moment.AfterCalls, Stop);
            await site.KillAndStartAsync(moment.Victim, Stop);
        }

        await site.UntilEndedAsync(Requests, Stop);
        Assert.Equal(0, await site.Worker.StopAsync(Stop));
        await CheckEndStateAsync(site);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{string.Join(", ", moments)}: {site.Ecs.Requests.Count} calls, {site.Told.Again} told again, "
            + $"{TimeProvider.System.GetElapsedTime(started).TotalSeconds:0.0} s");
    }

    private static async Task CheckEndStateAsync(CrashSite site)
    {
        var told = site.Told.Each();
        Assert.Equal(Requests, told.Count);
        Assert.DoesNotContain(site.Worker.Lines, line => line.Contains("defect", StringComparison.Ordinal));
        Assert.Equal(Requests, told.Select(outcome => outcome["data"]!["requestId"]!.GetValue<string>()).Distinct().Count());
        Assert.All(told, outcome => Assert.Equal("Removed", outcome["data"]!["status"]!.GetValue<string>()));
        Assert.All(Enumerable.Range(0, Requests), number =>
        {
            Assert.Equal(1, site.Ecs.World.EffectiveLeaves(CrashWorld.Instance(number), CrashWorld.Group));
            Assert.DoesNotContain(CrashWorld.Group, site.Ecs.World.GroupsOf(CrashWorld.Instance(number)));
        });
        foreach (var queue in (string[])["removals", "removals/$DeadLetterQueue", "removals-incident", "removals-jobs", Cloud.AllOutcomes])
        {
            Assert.Empty(await site.PeekAsync(queue, Stop));
        }
    }
}
