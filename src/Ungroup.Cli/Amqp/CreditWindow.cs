using Amqp;

namespace Ungroup.Cli.Amqp;

/// <summary>
/// How many deliveries of a queue may be worked on at once, across reconnects. Only what is free is given to the broker as
/// credit: the lock of a message that waits here in a buffer would be running already.
/// </summary>
internal sealed class CreditWindow(int size)
{
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IReceiverLink? _link;
    private readonly int _size = size;
    private int _free = size;
    private int _outstanding;
    private bool _stopped;

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

    public void Attach(ReceiverLink link)
    {
        lock (_gate)
        {
            (_link, _outstanding, _free) = (link, _free, 0);
            link.SetCredit(_outstanding, CreditMode.Manual);
        }
    }

    public void Detach()
    {
        lock (_gate)
        {
            (_link, _free, _outstanding) = (null, _free + _outstanding, 0);
        }
    }

    /// <summary>False when the message is not to be worked on: we are stopping, or its link is not the current one.</summary>
    public bool TryBegin(IReceiverLink link)
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
            }

            return !_stopped;
        }
    }

    public void End()
    {
        lock (_gate)
        {
            if (_stopped || _link is null)
            {
                _free++;
            }
            else
            {
                _outstanding++;
                ((ReceiverLink)_link).SetCredit(1, CreditMode.Manual);
            }

            EndIfIdle();
        }
    }

    public void Stop()
    {
        lock (_gate)
        {
            _stopped = true;

            // Draining, not zero: a message that crosses a flow of zero on the wire closes the session in this library.
            ((ReceiverLink?)_link)?.SetCredit(_outstanding, CreditMode.Drain);
            EndIfIdle();
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
