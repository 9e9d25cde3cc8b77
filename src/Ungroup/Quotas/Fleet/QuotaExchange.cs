using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Ungroup.Circuits;
using Ungroup.Ledger;

namespace Ungroup.Quotas.Fleet;

/// <summary>Tells the other instances what this one uses and has closed, and hears it of them, for as long as the host lives.</summary>
internal sealed partial class QuotaExchange(
    FleetMembership membership, CircuitNote circuits, TimeProvider clock, ILogger<QuotaExchange> logger) : BackgroundService
{
    private static readonly TimeSpan AfterDefect = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestFarewell = TimeSpan.FromSeconds(2);

    /// <summary>Ends when told to, with a farewell to the others; at once where instances do not share (<c>Pace:Shared</c>).</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (membership.IsShared && !cancellationToken.IsCancellationRequested)
        {
            var pause = await ExchangeAsync(cancellationToken);
            await Task.Delay(pause, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        using var patience = new CancellationTokenSource(LongestFarewell, clock);
        await membership.LeaveAsync(patience.Token);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => RunAsync(stoppingToken);

    private async Task<TimeSpan> ExchangeAsync(CancellationToken cancellationToken)
    {
        try
        {
            await membership.RunDueAsync(cancellationToken);
            await circuits.TellNewsAsync(cancellationToken);
            var now = membership.Now;
            return membership.Next(now) - now is var pause && pause > Shortest ? pause : Shortest;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return TimeSpan.Zero;
        }
        catch (LedgerUnavailableException)
        {
            // The sweep, whose rounds go on, says so.
            return Shortest;
        }
        catch (Exception defect)
        {
            // Pace is a courtesy: without it an instance goes on with the share it had, and is refused where that is too much.
            LogDefect(defect);
            return AfterDefect;
        }
    }

    [LoggerMessage(511, LogLevel.Error, "A defect kept this instance from telling the others what it uses of the quotas; it goes on with the share it had.")]
    private partial void LogDefect(Exception defect);
}
