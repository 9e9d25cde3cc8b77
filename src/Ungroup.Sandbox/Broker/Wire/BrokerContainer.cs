using System.Security.Cryptography.X509Certificates;
using Amqp;
using Amqp.Framing;
using Amqp.Listener;
using Amqp.Types;
using Ungroup.Sandbox.Broker.Queues;
using Ungroup.Sandbox.Broker.Wire.Format;
using Ungroup.Sandbox.Broker.Wire.Links;
using Ungroup.Sandbox.Broker.Wire.Nodes;

namespace Ungroup.Sandbox.Broker.Wire;

/// <summary>Decides what a link is attached to: who may, then what is there, then which endpoint serves it.</summary>
internal sealed class BrokerContainer(
    Entities entities, SharedAccessKey key, BrokerOptions options, TransportProvider listener) : IContainer
{
    /// <summary>How many messages a sender may have under way: with the largest ones, 200 MiB a link.</summary>
    private const int SenderCredit = 200;

    private static readonly Symbol SessionFilter = "com.microsoft:session-filter";

    private readonly CbsNode _cbs = new(key);

    public X509Certificate2? ServiceCertificate => null;

    public IDictionary<string, TransportProvider> CustomTransports { get; } = new Dictionary<string, TransportProvider>(StringComparer.Ordinal)
    {
        ["amqp"] = listener,
    };

    public Message CreateMessage(ByteBuffer buffer) => new IncomingMessage(buffer);

    public Link CreateLink(ListenerConnection connection, ListenerSession session, Attach attach) => new ListenerLink(session, attach);

    /// <summary>An <see cref="AmqpException"/> becomes the error of a refused attach; false says that we answered.</summary>
    public bool AttachLink(ListenerConnection connection, ListenerSession session, Link link, Attach attach)
    {
        var peer = (Peer)connection.Principal;
        var isReceiver = attach.Role; // the client's role
        if (AddressOf(attach) is not { } address)
        {
            throw new AmqpException(Conditions.NotImplemented("A link needs the address of a queue or topic; transactions are not served."));
        }

        attach.InitialDeliveryCount = 0; // ours to choose where we send, and LinkCredit counts from here
        attach.MaxMessageSize = isReceiver ? 0 : (ulong)options.MaxMessageSize; // what was taken has to go out again, and is larger by then
        LibraryInternals.NewAttach((ListenerLink)link, attach).Complete(Endpoint(peer, address, (ListenerLink)link, attach), SenderCredit);
        return false;
    }

    private LinkEndpoint Endpoint(Peer peer, string address, ListenerLink link, Attach attach)
    {
        if (EntityAddress.Normalize(address) == EntityAddress.Cbs)
        {
            return RequestResponse(EntityAddress.Cbs, peer, link, attach, _cbs.Process);
        }

        if (!peer.May(address, options.Clock.GetUtcNow()))
        {
            throw new AmqpException(Conditions.Unauthorized(address));
        }

        return !EntityAddress.TryParse(address, out var entity) ? throw new AmqpException(Conditions.NoSuchEntity(address))
            : entities.TryFindTopic(entity.Path, out var topic) ? OfTopic(topic, entity, peer, link, attach)
            : entities.TryFind(entity.Path, out var queue) ? OfQueue(queue, entity, peer, link, attach)
            : throw new AmqpException(Conditions.NoSuchEntity(address));
    }

    private LinkEndpoint OfTopic(Topic topic, EntityAddress entity, Peer peer, ListenerLink link, Attach attach)
    {
        var receives = attach.Role && !entity.IsManagement;
        return receives || entity.Place == SubQueueName.DeadLetters
            ? throw new AmqpException(Conditions.NothingToReceive(topic))
            : Requests(topic.Queue, entity, peer, link, attach) ?? new SendEndpoint(topic.Queue, options);
    }

    private LinkEndpoint OfQueue(MessageQueue queue, EntityAddress entity, Peer peer, ListenerLink link, Attach attach)
    {
        if (Requests(queue, entity, peer, link, attach) is { } requests)
        {
            return requests;
        }

        if (!attach.Role)
        {
            return entity.Place == SubQueueName.Main && entities.Queues.Contains(queue)
                ? new SendEndpoint(queue, options)
                : throw new AmqpException(Conditions.NothingToSendTo(queue.Name, entity.Place));
        }

        return (attach.Source as Source)?.FilterSet?.ContainsKey(SessionFilter) == true // without a value: the next session there is
            ? throw new AmqpException(ErrorCode.NotAllowed, $"'{queue.Name}' has no sessions.")
            : new ReceiveEndpoint(queue, entity.Place, link, peer);
    }

    /// <summary>The management node of an entity, where the address is that.</summary>
    private LinkEndpoint? Requests(MessageQueue queue, EntityAddress entity, Peer peer, ListenerLink link, Attach attach) => entity.IsManagement
        ? RequestResponse(EntityAddress.Normalize(AddressOf(attach)!), peer, link, attach, new ManagementNode(queue, entity.Place, options).Process)
        : null;

    private static string? AddressOf(Attach attach) => attach.Role ? (attach.Source as Source)?.Address : (attach.Target as Target)?.Address;

    private static LinkEndpoint RequestResponse(string node, Peer peer, ListenerLink link, Attach attach, Action<Request> process)
    {
        if (!attach.Role)
        {
            return new RequestEndpoint(node, peer, process);
        }

        attach.SndSettleMode = SenderSettleMode.Settled;
        var replies = new ReplyEndpoint(node, link.Name, (attach.Target as Target)?.Address, link);
        peer.Replies.Add(replies);
        link.AddClosedCallback((_, _) => peer.Replies.Remove(replies));
        return replies;
    }
}
