using Amqp.Framing;
using Amqp.Listener;
using Ungroup.Sandbox.Broker.Queues;
using Ungroup.Sandbox.Broker.Wire.Format;

namespace Ungroup.Sandbox.Broker.Wire.Links;

/// <summary>
/// A client receives from a queue. The library calls in here under locks of its own, so nothing is done on the spot:
/// everything goes to the queue's loop, which calls back.
/// </summary>
internal sealed class ReceiveEndpoint : LinkEndpoint
{
    private readonly MessageQueue _queue;
    private readonly SubQueueName _place;
    private readonly LinkCredit _credit;
    private readonly Consumer _consumer;
    private readonly Peer _peer;
    private volatile bool _closed;

    public ReceiveEndpoint(MessageQueue queue, SubQueueName place, ListenerLink link, Peer peer)
    {
        _queue = queue;
        _peer = peer;
        _place = place;
        _credit = new(link);
        _consumer = new(place, removes: link.SettleOnSend, Deliver, _credit.Drain);
        queue.Add(_consumer);
        link.AddClosedCallback((_, _) => Close());
    }

    public override void OnFlow(FlowContext flowContext) =>
        _queue.Grant(_consumer, flowContext.Messages, drain: _credit.Apply(flowContext));

    public override void OnDisposition(DispositionContext dispositionContext)
    {
        // A closing link reports every unsettled delivery as released, and one whose connection broke as rejected, which would
        // dead-letter it. The peer said neither: its locks live on.
        if (_closed || _peer.IsGone || dispositionContext.Message is not OutgoingMessage { LockToken: { } token })
        {
            return;
        }

        if (Outcomes.Read(dispositionContext.DeliveryState) is { } settlement)
        {
            _queue.Ask(
                (state, _) => state.Settle(_place, [token], settlement),
                done => Confirm(dispositionContext, done ? null : Conditions.LockIsLost),
                impossible => Confirm(dispositionContext, Conditions.Impossible(impossible)));
        }
        else if (!dispositionContext.Settled)
        {
            Answer(dispositionContext, new Rejected { Error = Conditions.NotImplemented("That is not an outcome this broker knows.") });
        }
    }

    /// <summary>AMQPNetLite clients settle at once and hear nothing; the SDKs wait for the outcome to come back settled.</summary>
    private static void Confirm(DispositionContext disposition, Error? error)
    {
        if (!disposition.Settled)
        {
            Answer(disposition, error is null ? Outcomes.Confirm(disposition.DeliveryState) : new Rejected { Error = error });
        }
    }

    private static void Answer(DispositionContext disposition, DeliveryState state) =>
        PeerGone.Ignore(() => disposition.Link.DisposeMessage(disposition.Message, state, settled: true));

    private void Deliver(Delivery delivery)
    {
        var message = new OutgoingMessage(delivery.Lock?.Token);
        if (!_credit.TrySend(message, MessageEncoder.Encode(delivery.Message, delivery.Lock, _queue.Name)) && delivery.Lock is { } unused)
        {
            _queue.Ask((state, _) => state.Settle(_place, [unused.Token], new Settlement.Return()), static _ => { }, static _ => { });
        }
    }

    private void Close()
    {
        _closed = true;
        _queue.Remove(_consumer);
    }
}
