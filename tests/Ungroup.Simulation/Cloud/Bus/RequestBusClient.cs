using Ungroup.Messages;
using Ungroup.Simulation.Plan;
using Ungroup.Simulation.Story;
using Ungroup.Simulation.Time;
using Ungroup.Simulation.Workers;

namespace Ungroup.Simulation.Cloud.Bus;

/// <summary>The queues as one worker sends to them: in batches, each of which is taken whole or not at all.</summary>
internal sealed class RequestBusClient(World world, Process process) : IRequestBus
{
    private const int BatchSize = 5;

    public async Task SendAsync(string queue, IReadOnlyList<OutgoingRequest> messages, CancellationToken cancellationToken)
    {
        foreach (var batch in messages.Chunk(BatchSize))
        {
            await world.Wire.CallAsync(process, world.Trips.Send(), () => Take(queue, batch), cancellationToken);
        }
    }

    private bool Take(string queue, OutgoingRequest[] batch)
    {
        foreach (var message in batch)
        {
            var letter = new Letter(message.MessageId, message.Body.ToArray(), isOfJobs: queue == QueueNames.Jobs);
            world.History.Add(process.Name, new Happening.Issued(letter));
            world.Broker.Send(letter);
        }

        return true;
    }
}
