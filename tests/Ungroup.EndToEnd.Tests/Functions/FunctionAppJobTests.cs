using System.Diagnostics;
using Ungroup.EndToEnd.Tests.Azurite;
using Ungroup.EndToEnd.Tests.Crash;

namespace Ungroup.EndToEnd.Tests.Functions;

/// <summary>Jobs in the function app: its process is killed while it drives one, and the job accounts for every resource all the same.</summary>
public sealed class FunctionAppJobTests(StorageAccount storage)
{
    private static int Resources => JobCrashContract.Resources;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public Task A_process_killed_twice_while_it_drives_a_job_loses_nothing_and_does_nothing_twice() => RunAsync(new());

    [Fact]
    public async Task Nor_does_one_whose_ledger_is_a_table()
    {
        var ledger = await storage.NewLedgerAsync();
        var app = new FunctionApp
        {
            Settings =
            {
                ["Ledger__Kind"] = "Table",
                ["Ledger__ConnectionString"] = ledger.ConnectionString!,
                ["Ledger__Table"] = ledger.Table,

                // Nobody can tell that another machine's process is gone, so that its leases have to run out.
                ["Ledger__Lease"] = "00:00:35",
                ["Ecs__LeaveTimeout"] = "00:00:05",
            },
        };

        await RunAsync(app);
        await StorageAccount.DeleteAsync(ledger);
    }

    private static async Task RunAsync(FunctionApp stopped)
    {
        await using var app = stopped;
        await using var cloud = await RunningCloud.StartAsync(CrashWorld.Create(Resources), TimeSpan.FromSeconds(10));
        await using var told = cloud.Subscribe();
        await app.StartAsync(cloud, Stop);
        await cloud.SendAsync([JobBody.Of("JOB-7", Resources)], Stop);
        foreach (var calls in (int[])[Resources / 20, Resources * 3 / 4])
        {
            await app.UntilAsync(() => cloud.Ecs.Requests.Count >= calls && app.Host.WorkerProcessId != 0, () => $"{cloud.Ecs.Requests.Count} of {calls} calls", Stop);
            var process = app.Host.WorkerProcessId;
            Process.GetProcessById(process).Kill();
            await app.UntilAsync(() => app.Host.WorkerProcessId != process, () => "not gone", Stop);
        }

        await app.UntilAsync(() => told.Count >= Resources + 2, () => $"told {told.Count} of {Resources + 2}", Stop);
        JobCrashContract.Check(told.Each());
        Assert.All(Enumerable.Range(0, Resources), number => Assert.Equal(1, cloud.Ecs.World.EffectiveLeaves(CrashWorld.Instance(number), CrashWorld.Group)));
        await app.UntilAsync(() => cloud.Broker.Counts().Where(queue => queue.Name.StartsWith("removals", StringComparison.Ordinal)).All(queue => queue.Active + queue.Locked + queue.Scheduled == 0), () => "messages are left", Stop);
        Assert.Equal(0, cloud.Queue("removals-jobs").DeadLettered);
    }
}
