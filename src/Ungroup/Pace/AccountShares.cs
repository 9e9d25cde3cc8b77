using System.Collections.Concurrent;
using Ungroup.Messages;
using Ungroup.Requests;

namespace Ungroup.Pace;

/// <summary>
/// Where there are several accounts, none has more than half of what a host works on at once from a queue: however slow its calls are,
/// another's are not behind them. Whether another has work shows only once its message is in hand, so that what is too much has to make
/// room for it: it waits in hand for as long as calls of its own account end, and then on the broker.
/// </summary>
internal sealed class AccountShares(KnownAccounts accounts, Func<double> chance, TimeProvider clock)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<(string Queue, string Account), AccountShare> _shares = new();

    /// <summary>Where a host does not say what it works on at once, or there is nobody to share with.</summary>
    private static readonly AccountShare Unlimited = new();

    /// <summary>A place, which <see cref="AccountShare.Leave"/> gives back; null where the account has its share of them.</summary>
    public async ValueTask<AccountShare?> TakeAsync(DeliverySource? queue, string account, CancellationToken cancellationToken)
    {
        var share = queue is null || accounts.Count < 2 ? Unlimited : _shares.GetOrAdd((queue.Name, account), static _ => new());
        var most = share == Unlimited ? int.MaxValue : Math.Max(1, queue!.Concurrency / 2);
        return await share.TryTakeAsync(most, clock, cancellationToken) ? share : null;
    }

    /// <summary>When a message that found no place should come back: incidents soon, others ever later.</summary>
    public DateTimeOffset ReturnAt(Origin origin, int postponements)
    {
        var pause = origin == Origin.Incident ? FirstPause / 2 : FirstPause * Math.Pow(2, Math.Min(postponements, 8));
        return clock.GetUtcNow() + ((0.8 + (0.2 * chance())) * (pause < LongestPause ? pause : LongestPause));
    }
}

/// <summary>The places that one account has in hand of one queue.</summary>
internal sealed class AccountShare
{
    // Calls that end within this are not worth a copy on the broker; a call that takes longer may take a minute.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(0.25);
    private static readonly TimeSpan LongestInHand = TimeSpan.FromSeconds(5);

    private readonly Lock _sync = new();
    private TaskCompletionSource? _next;
    private int _taken;

    public async ValueTask<bool> TryTakeAsync(int most, TimeProvider clock, CancellationToken cancellationToken)
    {
        for (var giveUp = clock.GetUtcNow() + LongestInHand; clock.GetUtcNow() < giveUp;)
        {
            if (TryTake(most, out var next))
            {
                return true;
            }

            try
            {
                await next.WaitAsync(Patience, clock, cancellationToken);
            }
            catch (TimeoutException)
            {
                return false;
            }
        }

        return false;
    }

    public void Leave()
    {
        TaskCompletionSource? next;
        lock (_sync)
        {
            _taken--;
            (next, _next) = (_next, null);
        }

        next?.SetResult();
    }

    /// <param name="most">How many places there are.</param>
    /// <param name="next">Where none was free: ends when one may be.</param>
    private bool TryTake(int most, out Task next)
    {
        lock (_sync)
        {
            var isTaken = _taken < most;
            _taken += isTaken ? 1 : 0;
            next = isTaken ? Task.CompletedTask : (_next ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            return isTaken;
        }
    }
}
