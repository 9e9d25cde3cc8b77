using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Ungroup.Ledger;

namespace Ungroup.Cli.Worker;

/// <summary>Runs the sweep at start and from time to time.</summary>
internal sealed partial class SweepTimer(
    Sweep sweep, IOptions<WorkerOptions> options, WorkerSurroundings surroundings, WorkerEnd end, ILogger<SweepTimer> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.SweepEvery, surroundings.Clock);
        do
        {
            await SweepAsync(stoppingToken);
        }
        while (await NextAsync(timer, stoppingToken));
    }

    private static async Task<bool> NextAsync(PeriodicTimer timer, CancellationToken stop)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return false;
        }
    }

    private async Task SweepAsync(CancellationToken stop)
    {
        try
        {
            var done = await sweep.RunAsync(stop);
            if (done.Published > 0)
            {
                LogSwept(done.Published);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
        catch (LedgerUnavailableException gone) when (gone.Trouble == LedgerTrouble.Gone)
        {
            // Every removal from now on would be forgotten: a worker that is down is seen, and does no harm.
            LogGone(gone.Message);
            end.GiveUp();
        }
        catch (Exception exception)
        {
            // A ledger or a bus that is away comes back; the next round finds the same events.
            LogNotSwept(exception.Message);
        }
    }

    [LoggerMessage(640, LogLevel.Information, "Published {Count} outcomes that were decided earlier")]
    private partial void LogSwept(int count);

    [LoggerMessage(641, LogLevel.Warning, "Pending outcomes were not published, the next round tries again: {Reason}")]
    private partial void LogNotSwept(string reason);

    [LoggerMessage(642, LogLevel.Critical, "The worker stops. {Reason}")]
    private partial void LogGone(string reason);
}
