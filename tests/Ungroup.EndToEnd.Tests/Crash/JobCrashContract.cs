using System.Globalization;
using System.Text.Json.Nodes;

namespace Ungroup.EndToEnd.Tests.Crash;

/// <summary>A worker that is killed while it drives a job: one job accounts for every resource, and none is changed twice.</summary>
public abstract class JobCrashContract
{
    // Enough for portions of 1 to 32; UNGROUP_JOB_RESOURCES asks for more.
    internal static readonly int Resources =
        int.Parse(Environment.GetEnvironmentVariable("UNGROUP_JOB_RESOURCES") ?? "60", CultureInfo.InvariantCulture);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private protected abstract Task<WorkerLedger> LedgerInAsync(DirectoryInfo folder);

    [Fact]
    public async Task A_worker_killed_twice_while_it_drives_a_job_and_a_broker_with_it_loses_nothing_and_does_nothing_twice()
    {
        await using var site = await CrashSite.StartAsync(CrashWorld.Create(Resources), LedgerInAsync, Stop);
        await site.SendAsync([JobBody.Of("JOB-7", Resources)], Stop);
        site.StartWorker();
        foreach (var (calls, victims) in ((int, Victim[])[])[(Resources / 20, [Victim.Worker]), (Resources * 3 / 4, [Victim.Broker, Victim.Worker])])
        {
            await site.UntilCallsAsync(calls, Stop);
            foreach (var victim in victims)
            {
                await site.KillAndStartAsync(victim, Stop);
            }
        }

        // Planned and Ended beside an outcome for each.
        await site.UntilEndedAsync(Resources + 2, Stop);
        Assert.Equal(0, await site.Worker.StopAsync(Stop));
        Check(site.Told.Each());
        Assert.All(Enumerable.Range(0, Resources), number => Assert.Equal(1, site.Ecs.World.EffectiveLeaves(CrashWorld.Instance(number), CrashWorld.Group)));
        Assert.DoesNotContain(site.Worker.Lines, line => line.Contains("defect", StringComparison.Ordinal));
        foreach (var queue in (string[])["removals", "removals-jobs", "removals/$DeadLetterQueue", "removals-jobs/$DeadLetterQueue"])
        {
            Assert.Empty(await site.PeekAsync(queue, Stop));
        }
    }

    internal static void Check(IReadOnlyList<JsonNode> told)
    {
        var outcomes = told.Where(one => Type(one).StartsWith("ungroup.removal.", StringComparison.Ordinal)).Select(one => one["data"]!).ToList();
        Assert.Equal(Resources, outcomes.Select(one => (string)one["requestId"]!).Distinct().Count());
        Assert.Equal(Resources, outcomes.Count);
        Assert.All(outcomes, one => Assert.Equal(("JOB-7", "Removed"), ((string)one["jobId"]!, (string)one["status"]!)));
        Assert.Single(told, one => Type(one) == "ungroup.job.Planned.v1");
        var ended = Assert.Single(told, one => Type(one) == "ungroup.job.Ended.v1")["data"]!;
        Assert.Equal("Completed", (string)ended["status"]!);
        Assert.True(
            JsonNode.DeepEquals(ended["counts"], new JsonObject { ["total"] = Resources, ["open"] = 0, ["notStarted"] = 0, ["Removed"] = Resources }), ended.ToJsonString());

        static string Type(JsonNode one) => (string)one["type"]!;
    }
}

public sealed class SqliteJobCrashTests : JobCrashContract
{
    private protected override Task<WorkerLedger> LedgerInAsync(DirectoryInfo folder) => Task.FromResult(WorkerLedger.Sqlite(folder));
}

public sealed class TableJobCrashTests(Azurite.StorageAccount storage) : JobCrashContract
{
    private protected override async Task<WorkerLedger> LedgerInAsync(DirectoryInfo folder) => WorkerLedger.Table(await storage.NewLedgerAsync());
}
