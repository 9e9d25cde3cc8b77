using Amqp;
using Ungroup.Quotas;

namespace Ungroup.Cli.Amqp;

/// <summary>
/// How many deliveries of a queue may be worked on at once, across reconnects. Only what is free, and what the pace has room
/// for, is given to the broker as credit: the lock of a message that waits here would be running already. Credit cannot be
/// taken back, so it is given late rather than early: when a delivery ends, and while some is withheld a few times a second.
/// </summary>
/// <param name="size">How many deliveries in any case.</param>
/// <param name="room">What the pace has room for; null where no quota is behind the queue.</param>
/// <param name="clock">When to look again.</param>
internal sealed class CreditWindow(int size, QueueBudget? room, TimeProvider clock)
{
    private static readonly TimeSpan NextLook = TimeSpan.FromMilliseconds(200);

    // Whatever the pace says: a message for an account that nobody knows of yet must not wait for ever behind one that is closed.
    private static readonly TimeSpan LongestWithheld = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly int _size = size;
    private object? _link;
    private Action<int, CreditMode>? _setCredit;
    private int _free = size;
    private int _outstanding;
    private bool _stopped;
    private bool _looksAgain;
    private DateTimeOffset _lastHad = clock.GetUtcNow();

    /// <summary>Ends when <see cref="Stop"/> was called and no delivery is worked on any more.</summary>
    public Task Idle => _idle.Task;

    public bool IsStopped
    {
        get
        {
            lock (_gate)
            {
                return _stopped;
            }
        }
    }

    private int InHand => _size - _free - _outstanding;

    /// <param name="link">Which link messages come over now.</param>
    /// <param name="setCredit">Lets so many more come, or ends that.</param>
    public void Attach(object link, Action<int, CreditMode> setCredit)
    {
        lock (_gate)
        {
            (_link, _setCredit) = (link, setCredit);
            Give();
        }
    }

    public void Detach()
    {
        lock (_gate)
        {
            (_link, _setCredit, _free, _outstanding) = (null, null, _free + _outstanding, 0);
        }
    }

    /// <summary>False when the message is not to be worked on: we are stopping, or its link is not the current one.</summary>
    public bool TryBegin(object link)
    {
        lock (_gate)
        {
            if (_link != link)
            {
                return false;
            }

            _outstanding--;
            if (_stopped)
            {
                _free++;
                return false;
            }

            room?.Began();
            return true;
        }
    }

    public void End()
    {
        lock (_gate)
        {
            _free++;
            room?.Ended();
            Give();
            EndIfIdle();
        }
    }

    public void Stop()
    {
        lock (_gate)
        {
            _stopped = true;

            // Draining, not zero: a message that crosses a flow of zero on the wire closes the session in this library.
            _setCredit?.Invoke(_outstanding, CreditMode.Drain);
            EndIfIdle();
        }
    }

    private void Give()
    {
        if (_setCredit is null || _stopped || _free == 0)
        {
            return;
        }

        var more = Math.Min(_free, More());
        if (more > 0)
        {
            (_free, _outstanding) = (_free - more, _outstanding + more);
            _setCredit(more, CreditMode.Manual);
        }

        if (_free > 0 && !_looksAgain)
        {
            _looksAgain = true;
            _ = LookAgainAsync();
        }
    }

    private int More()
    {
        var now = clock.GetUtcNow();
        var has = InHand + _outstanding;
        _lastHad = has > 0 ? now : _lastHad;
        return Math.Max(room?.MayHold ?? _size, now - _lastHad >= LongestWithheld ? 1 : 0) - has;
    }

    private async Task LookAgainAsync()
    {
        await Task.Delay(NextLook, clock);
        lock (_gate)
        {
            _looksAgain = false;
            Give();
        }
    }

    private void EndIfIdle()
    {
        if (_stopped && InHand == 0)
        {
            _idle.TrySetResult();
        }
    }
}
