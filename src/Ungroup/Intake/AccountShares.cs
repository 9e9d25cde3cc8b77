using System.Collections.Concurrent;
using Ungroup.Messages;
using Ungroup.Requests;
using Ungroup.Time;

namespace Ungroup.Intake;

/// <summary>
/// Of several accounts, none has more than half of a host's places at a queue, so that none waits behind another's slow calls. A message
/// beyond the share waits in hand for calls of its own account to end, and then on the broker.
/// </summary>
internal sealed class AccountShares(KnownAccounts accounts, Func<double> chance, TimeProvider clock)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<(string Queue, string Account), AccountShare> _shares = new();

    private static readonly AccountShare Unlimited = new();

    /// <summary>Null where the account has its share of the places.</summary>
    public async ValueTask<AccountShare?> TakeAsync(DeliverySource? queue, string account, CancellationToken cancellationToken)
    {
        var share = queue is null || accounts.Count < 2 ? Unlimited : _shares.GetOrAdd((queue.Name, account), static _ => new());
        var most = share == Unlimited ? int.MaxValue : Math.Max(1, queue!.Concurrency / 2);
        return await share.TryTakeAsync(most, clock, cancellationToken) ? share : null;
    }

    public DateTimeOffset ReturnAt(Origin origin, int postponements)
    {
        var pause = origin == Origin.Incident ? FirstPause / 2 : Backoff.Doubling(FirstPause, LongestPause, postponements);
        return clock.GetUtcNow() + Backoff.Jittered(pause, chance());
    }
}

internal sealed class AccountShare
{
    // A call that ends within this is not worth a copy on the broker; a longer one may take a minute.
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
