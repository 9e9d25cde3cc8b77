using Azure.Messaging.ServiceBus;
using Ungroup.Cli.Sandbox.Lines;
using Ungroup.Cli.Worker;
using Ungroup.FunctionsHost;
using Ungroup.Jobs.Driving;
using Ungroup.Messages;
using Ungroup.ServiceBus;

namespace Ungroup.Cli.Sandbox.Functions;

/// <summary>
/// Puts together for the function app what a worker in this process reports by itself, from how the host settled a message and what the
/// app had sent before.
/// </summary>
internal sealed class HostedDeliveries
{
    private const string ByTheApp = "Postponed by the function app; a copy of the message waits in the queue.";

    private readonly DeliveryWatch _watch;
    private readonly SentMessages _sent;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, (Delivery Delivery, MessageVerdict Verdict)> _untold = [];

    public HostedDeliveries(DeliveryWatch watch, SentMessages sent)
    {
        (_watch, _sent) = (watch, sent);
        sent.EventSent = Tell;
    }

    public void Began(ServiceBusReceivedMessage message) => _watch.Began(Read(message));

    public void Settled(ServiceBusReceivedMessage message, MessageVerdict verdict)
    {
        var delivery = Read(message);
        if (verdict == MessageVerdict.Completed && _sent.TryTakeCopy(delivery, out var due))
        {
            _watch.Settled(delivery, new Settlement.Postpone(due, ByTheApp));
        }
        else if (verdict == MessageVerdict.Completed && JobLine.KeyOf(delivery) is { } job)
        {
            var end = _sent.EndOf(job);
            _watch.Settled(delivery, new Settlement.Complete { Outcome = end, Replayed = end is not null });
        }
        else if (verdict == MessageVerdict.Completed && DriverMessage.KeyIn(delivery.Body) is not null)
        {
            // Nobody waits for an event about the message that drives a job.
        }
        else if (verdict is MessageVerdict.Completed or MessageVerdict.DeadLettered)
        {
            lock (_gate)
            {
                _untold[delivery.MessageId] = (delivery, verdict);
            }

            // Its event is nearly always there already. Where the topic was away, the app's timer sends it later.
            Tell();
        }
    }

    // Every line that a sandbox sends has an id, and only those are shown.
    private static Delivery Read(ServiceBusReceivedMessage message) => IncomingMessage.ToDelivery(message, Cloud.Requests);

    private void Tell()
    {
        foreach (var (delivery, settlement) in TakeTold())
        {
            _watch.Settled(delivery, settlement);
        }
    }

    private List<(Delivery Delivery, Settlement Settlement)> TakeTold()
    {
        List<(Delivery, Settlement)> told = [];
        lock (_gate)
        {
            foreach (var (messageId, (delivery, verdict)) in _untold)
            {
                if (_sent.TryFindEvent(delivery, out var found) && (verdict == MessageVerdict.Completed || found.MessageId == messageId))
                {
                    _untold.Remove(messageId);
                    told.Add((delivery, Settlement(delivery, verdict, found)));
                }
            }
        }

        return told;
    }

    private static Settlement Settlement(Delivery delivery, MessageVerdict verdict, SentEvent found)
    {
        var replayed = found.MessageId != delivery.MessageId;
        Settlement settlement = verdict == MessageVerdict.DeadLettered ? new Settlement.DeadLetter("", "") : new Settlement.Complete();
        return settlement with { Outcome = found.Outcome, Replayed = replayed, Calls = new(replayed ? 0 : found.Attempts, EcsCalls: 0) };
    }
}
