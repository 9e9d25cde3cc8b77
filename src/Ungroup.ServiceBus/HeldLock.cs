using Azure.Messaging.ServiceBus;
using Microsoft.Extensions.Logging;

namespace Ungroup.ServiceBus;

/// <summary>
/// Keeps the broker's lock on one message while work on it goes on. A lock ends by the broker's clock, so ours is only half believed: a
/// lock that looks lost on arrival is asked about, and no renewal is put off for long.
/// </summary>
internal sealed partial class HeldLock(LockedMessage message, string messageId, TimeProvider clock, ILogger logger)
{
    // Leaves time for a second try.
    private const double RenewAfter = 0.6;

    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(200);

    // A clock that is behind the broker's sees locks as longer than they are.
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(18);

    // For a lock that was renewed just now and has ended by our clock.
    private static readonly TimeSpan AtLeast = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private DateTimeOffset _until = message.LockedUntil;

    private bool IsLost => _until <= clock.GetUtcNow();

    /// <summary>Asks the broker where the lock has run out by our clock.</summary>
    public async Task<bool> IsHeldAsync()
    {
        if (IsLost)
        {
            await RenewAsync(Patience);
        }

        return !IsLost;
    }

    /// <summary>Returns false when the lock was lost, and then <paramref name="lost"/> is cancelled.</summary>
    public async Task<bool> KeepWhileAsync(Task work, CancellationTokenSource lost)
    {
        while (!work.IsCompleted)
        {
            var left = _until - clock.GetUtcNow();
            if (left <= TimeSpan.Zero)
            {
                LogLost(messageId);
                await lost.CancelAsync();
                break;
            }

            await work.WaitAsync(UntilRenewal(left), clock, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!work.IsCompleted && _until - clock.GetUtcNow() is var stillLeft && stillLeft > TimeSpan.Zero)
            {
                await RenewAsync(stillLeft);
            }
        }

        await work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return !IsLost;
    }

    private static TimeSpan UntilRenewal(TimeSpan left) => (left * RenewAfter) switch
    {
        var due when due > LongestWait => LongestWait,
        var due when due > ShortestWait => due,
        _ => left,
    };

    /// <summary>A later answer than <paramref name="patience"/> is none: the lock would be lost before it.</summary>
    private async Task RenewAsync(TimeSpan patience)
    {
        using var time = new CancellationTokenSource(patience, clock);
        try
        {
            _until = InOurTime(await message.RenewAsync(time.Token));
        }
        catch (ServiceBusException lost) when (lost.Reason is ServiceBusFailureReason.MessageLockLost or ServiceBusFailureReason.MessageNotFound)
        {
            _until = DateTimeOffset.MinValue;
        }
        catch (Exception exception) when (BusFailure.Is(exception) || exception is OperationCanceledException)
        {
            // There is another try before it is lost.
            LogNotRenewed(messageId, exception is OperationCanceledException ? "no answer in time" : BusFailure.Say(exception));
        }
    }

    private DateTimeOffset InOurTime(DateTimeOffset renewed)
    {
        var now = clock.GetUtcNow();
        if (renewed > now)
        {
            return renewed;
        }

        LogClock(now - renewed);
        return now + AtLeast;
    }

    [LoggerMessage(620, LogLevel.Warning, "{MessageId}: the lock is lost; no further attempt, no settlement, the broker delivers it again")]
    private partial void LogLost(string messageId);

    [LoggerMessage(621, LogLevel.Warning, "{MessageId}: the lock was not renewed: {Reason}")]
    private partial void LogNotRenewed(string messageId, string reason);

    [LoggerMessage(622, LogLevel.Error, "This machine's clock is ahead of the broker's by {Ahead} or more. Correct it: every lock looks lost to it")]
    private partial void LogClock(TimeSpan ahead);
}
