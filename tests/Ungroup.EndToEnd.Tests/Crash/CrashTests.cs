using System.Globalization;
using Ungroup.Sandbox.Ecs;

namespace Ungroup.EndToEnd.Tests.Crash;

public sealed class CrashTests
{
    private const int Requests = 200;

    // Two runs show that it works at all; UNGROUP_CRASH_RUNS asks for more.
    private static readonly int Runs =
        int.Parse(Environment.GetEnvironmentVariable("UNGROUP_CRASH_RUNS") ?? "2", CultureInfo.InvariantCulture);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, Runs)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task A_worker_killed_at_any_moment_and_started_again_loses_nothing_and_does_nothing_twice(int seed)
    {
        var killAfter = KillAfter(seed);
        await using var cloud = await RunningCloud.StartAsync(CrashWorld.Create(Requests), TimeSpan.FromSeconds(5));
        var folder = Directory.CreateTempSubdirectory("ungroup-crash-");
        try
        {
            cloud.Subscribe();
            await cloud.SendAsync(Enumerable.Range(0, Requests).Select(CrashWorld.Request), Stop);
            var ledger = Path.Combine(folder.FullName, "ledger.db");

            await using (var first = WorkerProcess.Start(cloud, ledger))
            {
                await RunningCloud.UntilAsync(first, () => cloud.Ecs.Requests.Count >= killAfter, () => $"no {killAfter} calls", Stop);
                await first.KillAsync(Stop);
            }

            await using var second = WorkerProcess.Start(cloud, ledger);
            await RunningCloud.UntilAsync(
                second,
                () => cloud.Told.Count >= Requests && IsEmpty(cloud),
                () => $"told {cloud.Told.Count}, queue {cloud.Queue("removals")}, killed after {killAfter}",
                Stop);

            CheckEndState(cloud);
            Assert.Equal(0, await second.StopAsync(Stop));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void CheckEndState(RunningCloud cloud)
    {
        Assert.Equal(Requests, cloud.Told.Count);
        Assert.Equal(Requests, cloud.Told.Values.Select(told => told.First()["data"]!["requestId"]!.GetValue<string>()).Distinct().Count());
        Assert.All(cloud.Told.Values.SelectMany(told => told), told => Assert.Equal("Removed", told["data"]!["status"]!.GetValue<string>()));
        Assert.All(Enumerable.Range(0, Requests), number =>
        {
            Assert.Equal(1, cloud.Ecs.World.EffectiveLeaves(CrashWorld.Instance(number), CrashWorld.Group));
            Assert.DoesNotContain(CrashWorld.Group, cloud.Ecs.World.GroupsOf(CrashWorld.Instance(number)));
        });
        Assert.Equal(0, cloud.Queue("removals").DeadLettered);
    }

    private static bool IsEmpty(RunningCloud cloud) => cloud.Queue("removals") is { Active: 0, Locked: 0, Scheduled: 0 };

    // The seeds are spread over the whole run, early and late moments included.
    private static int KillAfter(int seed) => 1 + (int)((((seed * 0.6180339887) + 0.25) % 1.0) * (Requests * 1.1));
}
