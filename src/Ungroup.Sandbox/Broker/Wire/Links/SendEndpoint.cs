using Amqp.Framing;
using Amqp.Listener;
using Ungroup.Sandbox.Broker.Queues;
using Ungroup.Sandbox.Broker.Wire.Format;

namespace Ungroup.Sandbox.Broker.Wire.Links;

/// <summary>A client sends to a queue or topic; it is told "accepted" when the message is in the journal.</summary>
internal sealed class SendEndpoint(MessageQueue queue, BrokerOptions options) : LinkEndpoint
{
    public override void OnMessage(MessageContext messageContext)
    {
        var message = (IncomingMessage)messageContext.Message;
        if (message.Encoded.Length > options.MaxMessageSize)
        {
            messageContext.Complete(Conditions.TooLarge(message.Encoded.Length, options.MaxMessageSize));
        }
        else if (!MessageReader.TryRead(message.Encoded, message.Format, out var messages, out var problem))
        {
            messageContext.Complete(Conditions.Malformed(problem));
        }
        else
        {
            Tell(options, queue, messages);
            queue.Ask(
                (state, now) => state.Enqueue(messages, now),
                _ => PeerGone.Ignore(messageContext.Complete),
                impossible => PeerGone.Ignore(() => messageContext.Complete(Conditions.Impossible(impossible))));
        }
    }

    internal static void Tell(BrokerOptions options, MessageQueue queue, IEnumerable<NewMessage> messages)
    {
        if (options.Sent is { } sent)
        {
            foreach (var message in messages)
            {
                sent(new(queue.Name, message.Id, message.ScheduledFor, message.Payload));
            }
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
