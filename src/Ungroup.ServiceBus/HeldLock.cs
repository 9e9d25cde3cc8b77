using Azure.Messaging.ServiceBus;
using Microsoft.Extensions.Logging;

namespace Ungroup.ServiceBus;

/// <summary>
/// The broker's lock on one message, kept while work on it goes on. When a lock ends is said in the broker's time, so this
/// clock is only half believed: what looks lost on arrival is asked about, and no renewal is put off for long.
/// </summary>
internal sealed partial class HeldLock(LockedMessage message, string messageId, TimeProvider clock, ILogger logger)
{
    // Renewed when three fifths of what is left have passed: time for a second try, and few renewals.
    private const double RenewAfter = 0.6;

    // Below this a lock cannot be kept by asking.
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(200);

    // However much seems to be left: a clock that is behind the broker's sees locks as longer than they are.
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(18);

    // What a lock is taken to last that the broker has just renewed and that has ended by this clock.
    private static readonly TimeSpan AtLeast = TimeSpan.FromSeconds(5);

    // How long the broker may take over a question whether the lock is still there.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private DateTimeOffset _until = message.LockedUntil;

    private bool IsLost => _until <= clock.GetUtcNow();

    /// <summary>Whether work may begin. A lock that has run out by this clock may not have by the broker's, which is asked.</summary>
    public async Task<bool> IsHeldAsync()
    {
        if (IsLost)
        {
            await RenewAsync(Patience);
        }

        return !IsLost;
    }

    /// <summary>Renews until <paramref name="work"/> ends; false when the lock was lost, and then <paramref name="lost"/> is cancelled.</summary>
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

    /// <summary>An answer that comes after <paramref name="patience"/> is none: the lock would be lost before it.</summary>
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
            // Not lost yet: there is another try before it is, also after the connection has gone.
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
