using Ungroup.EndToEnd.Tests.Crash;

namespace Ungroup.EndToEnd.Tests;

public sealed class DrainTests
{
    private const int Requests = 100;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_worker_asked_to_stop_finishes_what_it_has_begun_and_leaves_the_rest_to_the_next()
    {
        await using var cloud = await RunningCloud.StartAsync(CrashWorld.Create(Requests, withFaults: false));
        var folder = Directory.CreateTempSubdirectory("ungroup-drain-");
        try
        {
            await using var told = cloud.Subscribe();
            await cloud.SendAsync(Enumerable.Range(0, Requests).Select(CrashWorld.Request), Stop);
            var ledger = WorkerLedger.Sqlite(folder);

            await using (var first = cloud.StartWorker(ledger, ("UNGROUP__Worker__Concurrency", "2")))
            {
                await first.UntilAsync(() => cloud.Ecs.Requests.Count >= 5, () => "fewer than 5 calls", Stop);
                Assert.Equal(0, await first.StopAsync(Stop));
            }

            // Nothing is left locked by a worker that said goodbye.
            Assert.Equal(0, cloud.Queue("removals").Locked);

            await using var second = cloud.StartWorker(ledger);
            await second.UntilAsync(() => told.Count >= Requests, () => $"told {told.Count}", Stop);
            Assert.Equal(Requests, cloud.Ecs.Requests.CountOf("LeaveSecurityGroup"));
            Assert.Equal(0, await second.StopAsync(Stop));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
