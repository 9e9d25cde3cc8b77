using Ungroup.EndToEnd.Tests.Crash;

namespace Ungroup.EndToEnd.Tests;

public sealed class LostLedgerTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Fault_41_A_worker_whose_ledger_was_deleted_says_so_and_stops()
    {
        await using var cloud = await RunningCloud.StartAsync(CrashWorld.Create(1, withFaults: false));
        var folder = Directory.CreateTempSubdirectory("ungroup-lost-");
        try
        {
            await using var told = cloud.Subscribe();
            await using var worker = cloud.StartWorker(WorkerLedger.Sqlite(folder), ("UNGROUP__Worker__SweepEvery", "00:00:01"));
            await cloud.SendAsync([CrashWorld.Request(0)], Stop);
            await worker.UntilAsync(() => told.Count == 1, () => "nothing told", Stop);

            foreach (var file in folder.EnumerateFiles("ledger.db*"))
            {
                file.Delete();
            }

            Assert.Equal(1, await worker.EndAsync(Stop));
            Assert.Contains(worker.Lines, line => line.Contains("The worker stops. The ledger", StringComparison.Ordinal)
                && line.Contains("was deleted or moved", StringComparison.Ordinal));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
