using Microsoft.Extensions.Logging;

namespace Ungroup.Cli.Amqp;

/// <summary>The broker's lock on one message, kept while work on it goes on.</summary>
internal sealed partial class HeldLock(Guid? token, DateTimeOffset? until, LockRenewal renewal, TimeProvider clock, ILogger logger)
{
    // Renewed when three fifths of what is left have passed: time for a second try, and few renewals.
    private const double RenewAfter = 0.6;

    // Below this a lock cannot be kept by asking.
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(200);

    private DateTimeOffset? _until = until;

    public bool IsLost => _until <= clock.GetUtcNow();

    /// <summary>Renews until <paramref name="work"/> ends. When the lock is lost, cancels <paramref name="lost"/> and only waits.</summary>
    public async Task KeepWhileAsync(Task work, string messageId, CancellationTokenSource lost)
    {
        while (!work.IsCompleted && _until is { } until && token is { } lockToken)
        {
            var left = until - clock.GetUtcNow();
            if (left <= TimeSpan.Zero)
            {
                LogLost(messageId);
                await lost.CancelAsync();
                break;
            }

            var wait = left * RenewAfter is var due && due > ShortestWait ? due : left;
            await work.WaitAsync(wait, clock, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!work.IsCompleted && !IsLost)
            {
                await RenewAsync(lockToken, messageId);
            }
        }

        await work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task RenewAsync(Guid lockToken, string messageId)
    {
        try
        {
            _until = await renewal.RenewAsync(lockToken, CancellationToken.None) ?? DateTimeOffset.MinValue;
        }
        catch (Exception exception) when (BusFailure.Is(exception))
        {
            // Not lost yet: there is another try before it is, also after the connection has gone.
            LogNotRenewed(messageId, BusFailure.Say(exception));
        }
    }

    [LoggerMessage(620, LogLevel.Warning, "{MessageId}: the lock is lost; no further attempt, no settlement, the broker delivers it again")]
    private partial void LogLost(string messageId);

    [LoggerMessage(621, LogLevel.Warning, "{MessageId}: the lock was not renewed: {Reason}")]
    private partial void LogNotRenewed(string messageId, string reason);
}
