using Microsoft.Extensions.Logging;
using Ungroup.Circuits;

namespace Ungroup.Pace;

/// <summary>
/// Tells the other instances what this one uses of each quota and what it has found closed, and hears it of them. A host runs it beside its queues for as
/// long as it lives. An instance that ends has nothing to say: what it wrote is worth nothing soon.
/// </summary>
public sealed partial class PaceExchange
{
    private static readonly TimeSpan AfterDefect = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(50);

    private readonly Fleet _fleet;
    private readonly CircuitNote _circuits;
    private readonly TimeProvider _clock;
    private readonly ILogger<PaceExchange> _logger;

    internal PaceExchange(Fleet fleet, CircuitNote circuits, TimeProvider clock, ILogger<PaceExchange> logger) =>
        (_fleet, _circuits, _clock, _logger) = (fleet, circuits, clock, logger);

    /// <summary>Ends when told to, or at once where instances do not share (<c>Pace:Shared</c>).</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (_fleet.IsShared && !cancellationToken.IsCancellationRequested)
        {
            var pause = await ExchangeAsync(cancellationToken);
            await Task.Delay(pause, _clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Until when there is nothing to do.</summary>
    private async Task<TimeSpan> ExchangeAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _fleet.RunDueAsync(cancellationToken);
            await _circuits.TellNewsAsync(cancellationToken);
            var now = _clock.GetUtcNow();
            return _fleet.Next(now) - now is var pause && pause > Shortest ? pause : Shortest;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return TimeSpan.Zero;
        }
        catch (Exception defect)
        {
            // Pace is a courtesy: without it an instance goes on with the part it had, and is refused where that is too much.
            LogDefect(_logger, defect);
            return AfterDefect;
        }
    }

    [LoggerMessage(511, LogLevel.Error, "A defect kept this instance from telling the others what it uses of the quotas; it goes on with the part it had.")]
    private static partial void LogDefect(ILogger logger, Exception defect);
}
