using System.Globalization;
using Ungroup.Cli.Sandbox;
using Ungroup.EndToEnd.Tests.Crash;

namespace Ungroup.EndToEnd.Tests;

public sealed class BacklogTests
{
    private const long MiB = 1024 * 1024;
    private const int Step = 1_000;

    // Enough to see a leak of a kilobyte per message; UNGROUP_BACKLOG asks for more.
    private static readonly int Messages =
        int.Parse(Environment.GetEnvironmentVariable("UNGROUP_BACKLOG") ?? "10000", CultureInfo.InvariantCulture);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_long_backlog_does_not_grow_the_worker()
    {
        await using var cloud = await RunningCloud.StartAsync(CrashWorld.Create(Messages, withFaults: false));
        var folder = Directory.CreateTempSubdirectory("ungroup-backlog-");
        try
        {
            await cloud.SendAsync(Enumerable.Range(0, Messages).Select(CrashWorld.Request), Stop);
            await using var worker = cloud.StartWorker(
                WorkerLedger.Sqlite(folder), ("UNGROUP__Logging__LogLevel__Default", "Warning"), WorkerProcess.LargeQuota);

            var early = await MemoryAfterAsync(cloud, worker, Messages / 4);
            var late = await MemoryAfterAsync(cloud, worker, Messages);

            TestContext.Current.SendDiagnosticMessage($"{Messages} messages: {early / MiB} MiB after a quarter, {late / MiB} MiB at the end");
            Assert.True(late < 250 * MiB, $"{late / MiB} MiB");
            Assert.True(late - early < 40 * MiB, $"It grew from {early / MiB} MiB to {late / MiB} MiB.");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<long> MemoryAfterAsync(RunningCloud cloud, CliProcess worker, int outcomes)
    {
        // For as long as it gets on: how fast that is, is not the question.
        for (var some = outcomes % Step; some <= outcomes; some += Step)
        {
            await worker.UntilAsync(() => cloud.Queue(Cloud.AllOutcomes).Active >= some, () => $"{cloud.Queue(Cloud.AllOutcomes)}", Stop);
        }

        return worker.Memory;
    }
}
