using Azure.Messaging.ServiceBus;
using Ungroup.Cli.Amqp;
using Ungroup.FunctionsHost;

namespace Ungroup.Cli.Sandbox.Functions;

/// <summary>
/// What a worker in this process says by itself, put together for the function app from what can be seen of it: how the host settled a
/// message, whether the broker holds a copy of it, and the outcome event.
/// </summary>
internal sealed class HostedDeliveries(DeliveryWatch watch, WaitingCopies copies, TwinOrder order)
{
    private const string ByTheApp = "Postponed by the function app; a copy of the message waits in the queue.";

    private readonly Lock _gate = new();
    private readonly ReceivedEvents _events = new();
    private readonly Dictionary<string, (Delivery Delivery, MessageVerdict Verdict)> _untold = [];

    public async Task BeganAsync(ServiceBusReceivedMessage message)
    {
        await order.TurnOf(message.MessageId);
        watch.Began(HostedMessage.ToDelivery(message));
    }

    public void Ended(ServiceBusReceivedMessage message) => order.HasRun(message.MessageId);

    public void Settled(ServiceBusReceivedMessage message, MessageVerdict verdict)
    {
        var delivery = HostedMessage.ToDelivery(message);
        if (verdict == MessageVerdict.Completed && copies.TryTake(delivery, out var due))
        {
            watch.Settled(delivery, new Settlement.Postpone(due, ByTheApp));
        }
        else if (verdict is MessageVerdict.Completed or MessageVerdict.DeadLettered)
        {
            lock (_gate)
            {
                _untold[delivery.MessageId] = (delivery, verdict);
            }

            Tell();
        }
    }

    public void Received(Delivery outcome)
    {
        lock (_gate)
        {
            _events.Add(ReceivedEvent.Of(outcome));
        }

        Tell();
    }

    private void Tell()
    {
        foreach (var (delivery, settlement) in TakeTold())
        {
            watch.Settled(delivery, settlement);
        }
    }

    private List<(Delivery Delivery, Settlement Settlement)> TakeTold()
    {
        List<(Delivery, Settlement)> told = [];
        lock (_gate)
        {
            foreach (var (messageId, (delivery, verdict)) in _untold)
            {
                if (_events.TryFind(delivery, out var received) && (verdict == MessageVerdict.Completed || received.MessageId == messageId))
                {
                    _untold.Remove(messageId);
                    told.Add((delivery, Settlement(delivery, verdict, received)));
                }
            }
        }

        return told;
    }

    // The attempts that an event counts were made for the message it names.
    private static Settlement Settlement(Delivery delivery, MessageVerdict verdict, ReceivedEvent received)
    {
        var replayed = received.MessageId != delivery.MessageId;
        Settlement settlement = verdict == MessageVerdict.DeadLettered ? new Settlement.DeadLetter("", "") : new Settlement.Complete();
        return settlement with { Outcome = received.Outcome, Replayed = replayed, Calls = new(replayed ? 0 : received.Attempts, EcsCalls: 0) };
    }
}
