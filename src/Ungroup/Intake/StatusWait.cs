using System.Globalization;
using Ungroup.Ledger;
using Ungroup.Requests;

namespace Ungroup.Intake;

/// <summary>Waits for the end of a request, so that a playbook need not ask again and again.</summary>
public sealed class StatusWait
{
    /// <summary>The longest wait, in seconds. Azure gives up a call over HTTP after 230.</summary>
    public const int Longest = 200;

    // A look is one read of one row.
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(0.5);

    private readonly StatusReader _reader;
    private readonly TimeProvider _clock;

    internal StatusWait(StatusReader reader, TimeProvider clock) => (_reader, _clock) = (reader, clock);

    /// <summary>Reads the status once the request has ended; where it has not in time, as it is then.</summary>
    /// <param name="requestId">See <see cref="StatusReader.ReadAsync"/>.</param>
    /// <param name="account">See <see cref="StatusReader.ReadAsync"/>.</param>
    /// <param name="wait">For how long: whole seconds, 0 to <see cref="Longest"/>; null means not at all.</param>
    /// <param name="ending">The host is ending: what is known is answered at once.</param>
    /// <param name="cancellationToken">Nobody waits for the answer any more.</param>
    /// <exception cref="LedgerUnavailableException">The ledger does not answer.</exception>
    public async Task<StatusReading> ReadAsync(
        string? requestId, string? account, string? wait, CancellationToken ending, CancellationToken cancellationToken)
    {
        var seconds = 0;
        if (wait is not null && !(int.TryParse(wait, NumberStyles.None, CultureInfo.InvariantCulture, out seconds) && seconds <= Longest))
        {
            return new StatusReading.Invalid(new("wait", $"`wait` was {Shown.Quoted(wait)}; expected whole seconds, 0 to {Longest}."));
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ending, cancellationToken);
        for (var began = _clock.GetTimestamp(); ;)
        {
            var reading = await _reader.ReadAsync(requestId, account, cancellationToken);
            var left = TimeSpan.FromSeconds(seconds) - _clock.GetElapsedTime(began);
            if (left <= TimeSpan.Zero || stop.IsCancellationRequested || IsFinal(reading))
            {
                return reading;
            }

            await Task.Delay(left < BetweenLooks ? left : BetweenLooks, _clock, stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    // An unknown request may be on its way.
    private static bool IsFinal(StatusReading reading) =>
        reading is StatusReading.Invalid or StatusReading.Known { Status.State: RemovalState.Ended };
}
