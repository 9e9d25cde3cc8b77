using Amqp;
using Amqp.Listener;

namespace Ungroup.Sandbox.Broker.Wire.Links;

/// <summary>
/// The credit of a sending link, kept right. The library sets it to zero on every flow that does not raise the limit (a
/// repeated, lowered or draining one) and then counts later credit on top, until the client sees more messages than it
/// allowed and hangs up. A flow tells only the difference, so the sum is kept here and written back.
/// </summary>
internal sealed class LinkCredit(ListenerLink link)
{
    private readonly object _gate = LibraryInternals.Gate(link);
    private readonly SessionWindow? _window = SessionWindow.Of(link.Session);
    private int _credit;
    private uint _deliveryCount;

    public bool Any
    {
        get
        {
            lock (_gate)
            {
                return _credit > 0;
            }
        }
    }

    /// <summary>Whether the peer wants its credit used or given back.</summary>
    public bool Apply(FlowContext flow)
    {
        _window?.KeepOpen();
        lock (_gate)
        {
            _credit += flow.Messages;
            LibraryInternals.Credit(link) = unchecked((uint)_credit); // below zero it wraps, as the library's own counting does
            return link.IsDraining;
        }
    }

    /// <summary>False when the link is gone.</summary>
    public bool TrySend(Message message, ByteBuffer? encoded)
    {
        lock (_gate)
        {
            try
            {
                link.SendMessage(message, encoded);
                _window?.KeepOpen();
                _credit--;
                _deliveryCount++;
                return true;
            }
            catch (Exception gone) when (gone is AmqpException or ObjectDisposedException)
            {
                return false;
            }
        }
    }

    /// <summary>
    /// Gives back what is left and says how much that was, in the one flow the standard asks for: nothing left, the
    /// delivery count moved past what was not used, drain still set. The library's own answer says drain=false, which
    /// rhea ignores; sending another behind it is read by a fast client as the answer to its next drain. A field that
    /// differs from ours is a flow being received this moment, which will ask again.
    /// </summary>
    public int Drain()
    {
        lock (_gate)
        {
            if (link.IsClosed || !link.IsDraining || LibraryInternals.Credit(link) != unchecked((uint)_credit))
            {
                return 0;
            }

            var unused = _credit;
            _credit = 0;
            _deliveryCount = unchecked(_deliveryCount + (uint)unused);
            LibraryInternals.Credit(link) = 0;
            LibraryInternals.SetDeliveryCount(link, _deliveryCount);
            PeerGone.Ignore(() => LibraryInternals.SendFlow(link, _deliveryCount, credit: 0, drain: true));
            return unused;
        }
    }
}
