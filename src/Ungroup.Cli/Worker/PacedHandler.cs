using Ungroup.Intake;
using Ungroup.Messages;
using Ungroup.Pace;

namespace Ungroup.Cli.Worker;

/// <summary>The handler, and what a queue learns from what becomes of its messages: whether incidents come on it.</summary>
internal sealed class PacedHandler(RemovalHandler handler, ReceiveRoom room)
{
    public QueueRoom RoomFor(string queue, int atMost) => room.ForQueue(atMost, forIncidents: queue == RequestQueues.Incidents);

    public async Task<Settlement> HandleAsync(Delivery delivery, DeliverySource from, QueueRoom queue, CancellationToken stop)
    {
        var settlement = await handler.HandleAsync(delivery with { Queue = from }, stop);
        queue.Handled(settlement.Origin);
        return settlement;
    }
}
