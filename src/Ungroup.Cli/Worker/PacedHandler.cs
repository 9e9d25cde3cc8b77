using Ungroup.Intake;
using Ungroup.Messages;
using Ungroup.Quotas;

namespace Ungroup.Cli.Worker;

/// <summary>Tells a queue's budget what becomes of its messages: whether incidents come on it.</summary>
internal sealed class PacedHandler(RemovalHandler handler, ReceiveBudget room)
{
    public QueueBudget RoomFor(string queue, int atMost) => room.ForQueue(atMost, forIncidents: queue == RequestQueues.Incidents);

    public async Task<Settlement> HandleAsync(Delivery delivery, DeliverySource from, QueueBudget queue, CancellationToken stop)
    {
        var settlement = await handler.HandleAsync(delivery with { Queue = from }, stop);
        queue.Handled(settlement.Origin);
        return settlement;
    }
}
