using Ungroup.Intake;
using Ungroup.Jobs.Driving;
using Ungroup.Messages;
using Ungroup.Quotas;

namespace Ungroup.Cli.Worker;

/// <summary>
/// Gives each queue its handler. A queue of requests has a budget, which hears what becomes of its messages: whether incidents come on it.
/// The queue of jobs has none: its messages make no calls that count, and its places are its own.
/// </summary>
internal sealed class PacedHandler(RemovalHandler requests, JobHandler jobs, ReceiveBudget room)
{
    public static bool HasJobs(string queue) => queue.Equals(RequestQueues.Jobs, StringComparison.OrdinalIgnoreCase);

    /// <summary>Null where nothing but the concurrency bounds what is received.</summary>
    public QueueBudget? RoomFor(string queue, int atMost) => HasJobs(queue) ? null : room.ForQueue(atMost, forIncidents: queue == RequestQueues.Incidents);

    public async Task<Settlement> HandleAsync(Delivery delivery, DeliverySource from, QueueBudget? queue, CancellationToken stop)
    {
        if (queue is null)
        {
            return await jobs.HandleAsync(delivery, stop);
        }

        var settlement = await requests.HandleAsync(delivery with { Queue = from }, stop);
        queue.Handled(settlement.Origin);
        return settlement;
    }
}
