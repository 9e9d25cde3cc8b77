using Amqp;
using Amqp.Framing;
using Amqp.Listener;
using Ungroup.Sandbox.Broker.Wire.Format;

namespace Ungroup.Sandbox.Broker.Wire.Links;

/// <summary>A request to a node: what was asked, who asks, and how to answer.</summary>
internal sealed record Request(Message Message, Peer Peer, Action<Message> Answer)
{
    public string? Operation => Message.ApplicationProperties?["operation"] as string;
}

/// <summary>The link on which requests come in. The library's own needs a target address, which the JavaScript SDK omits.</summary>
internal sealed class RequestEndpoint(string node, Peer peer, Action<Request> process) : LinkEndpoint
{
    public override void OnMessage(MessageContext messageContext)
    {
        Message request;
        try
        {
            var encoded = ((IncomingMessage)messageContext.Message).Encoded;
            request = Message.Decode(new ByteBuffer(encoded, 0, encoded.Length, encoded.Length));
        }
        catch (Exception malformed) // whatever the decoder tripped over
        {
            messageContext.Complete(Conditions.Malformed($"The request cannot be decoded: {malformed.Message}"));
            return;
        }

        if (!peer.Replies.TryFind(node, request.Properties?.ReplyTo, out var replies))
        {
            messageContext.Complete(Conditions.Malformed(
                $"No receiving link at '{node}' has the address or the name in reply-to ('{request.Properties?.ReplyTo}')."));
            return;
        }

        messageContext.Complete();
        process(new(request, peer, answer =>
        {
            answer.Properties = new Properties();
            answer.Properties.SetCorrelationId(request.Properties!.GetMessageId());
            replies.Send(answer);
        }));
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
