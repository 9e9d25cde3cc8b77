using Ungroup.Outcomes;
using Ungroup.Simulation.Plan;
using Ungroup.Simulation.Story;
using Ungroup.Simulation.Time;

namespace Ungroup.Simulation.Cloud;

/// <summary>The topic of outcomes.</summary>
internal sealed class SimulatedBus(History history, Defect defect)
{
    private readonly HashSet<string> _seen = [];

    public bool Take(OutcomeEvent outcome)
    {
        var isRejection = outcome.Type.Contains("Rejected", StringComparison.Ordinal);
        if ((defect == Defect.BusDropsEvents && !isRejection) || (defect == Defect.BusDropsRejections && isRejection))
        {
            return true;
        }

        var taken = defect == Defect.RandomEventIds ? outcome with { Id = $"{outcome.Id}-{history.Lines.Count}" } : outcome;
        if (!_seen.Add(taken.Id))
        {
            history.Count(Incident.EventRepeated);
        }

        history.Add("bus", new Happening.EventTaken(taken));
        return true;
    }
}

/// <summary>The topic as one worker reaches it.</summary>
internal sealed class BusClient(SimulatedBus bus, Wire wire, Trips trips, Process process) : IOutcomeBus
{
    public Task PublishAsync(OutcomeEvent outcome, CancellationToken cancellationToken) =>
        wire.CallAsync(process, trips.Bus(), () => bus.Take(outcome), cancellationToken);
}
