using Amqp.Framing;
using Amqp.Listener;
using Ungroup.Sandbox.Broker.Queues;

namespace Ungroup.Sandbox.Broker.Wire;

/// <summary>A client sends to a queue or topic; it is told "accepted" when the message is in the journal.</summary>
internal sealed class SendEndpoint(MessageQueue queue, int maxMessageSize) : LinkEndpoint
{
    public override void OnMessage(MessageContext messageContext)
    {
        var message = (IncomingMessage)messageContext.Message;
        if (message.Encoded.Length > maxMessageSize)
        {
            messageContext.Complete(Conditions.TooLarge(message.Encoded.Length, maxMessageSize));
        }
        else if (!MessageReader.TryRead(message.Encoded, message.Format, out var messages, out var problem))
        {
            messageContext.Complete(Conditions.Malformed(problem));
        }
        else
        {
            queue.Ask(
                (state, now) => state.Enqueue(messages, now),
                _ => PeerGone.Ignore(messageContext.Complete),
                impossible => PeerGone.Ignore(() => messageContext.Complete(Conditions.Impossible(impossible))));
        }
    }

    public override void OnFlow(FlowContext flowContext)
    {
        // A sender telling how it stands; nothing depends on it.
    }

    public override void OnDisposition(DispositionContext dispositionContext)
    {
        // A sender settling what we have settled.
    }
}
