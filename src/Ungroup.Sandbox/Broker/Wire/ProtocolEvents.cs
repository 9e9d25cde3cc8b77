using Amqp.Framing;
using Amqp.Handler;
using Amqp.Listener;
using Ungroup.Sandbox.Broker.Wire.Format;

namespace Ungroup.Sandbox.Broker.Wire;

/// <summary>
/// Does what only a handler can do in this library: learn that a connection is open and which window a session begins with, and
/// choose a delivery's tag. In Service Bus the tag is the lock token, in the byte order of a .NET Guid.
/// </summary>
internal sealed class ProtocolEvents : IHandler
{
    public bool CanHandle(EventId id) => id is EventId.ConnectionRemoteOpen or EventId.SessionRemoteOpen or EventId.SendDelivery;

    /// <summary>The library raises ReceiveDelivery to whoever can handle SendDelivery, so the id is checked here too.</summary>
    public void Handle(Event protocolEvent)
    {
        if (protocolEvent.Id == EventId.ConnectionRemoteOpen && protocolEvent.Connection is ListenerConnection { Principal: Peer peer })
        {
            peer.MarkOpened();
        }

        if (protocolEvent is { Id: EventId.SessionRemoteOpen, Context: Begin begin })
        {
            SessionWindow.Announced(protocolEvent.Session, begin);
        }

        if (protocolEvent is { Id: EventId.SendDelivery, Context: IDelivery { Message: OutgoingMessage { LockToken: { } token } } delivery })
        {
            delivery.Tag = token.ToByteArray();
        }
    }
}
