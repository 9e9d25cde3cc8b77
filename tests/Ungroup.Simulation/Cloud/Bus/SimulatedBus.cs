using Ungroup.Messages;
using Ungroup.Outcomes;
using Ungroup.Simulation.Plan;
using Ungroup.Simulation.Story;
using Ungroup.Simulation.Time;

namespace Ungroup.Simulation.Cloud.Bus;

/// <summary>The topic of outcomes.</summary>
internal sealed class SimulatedBus(History history, Defect defect)
{
    private readonly HashSet<string> _seen = [];

    /// <summary>Which events it does not take, for no reason that it tells, until somebody mends it.</summary>
    public Func<OutcomeEvent, bool> Refuses { get; set; } = _ => false;

    /// <summary>Hears every event that it takes.</summary>
    public Action<OutcomeEvent> Told { get; set; } = _ => { };

    public bool Take(OutcomeEvent outcome)
    {
        if (Refuses(outcome))
        {
            history.Count(Incident.EventRefused);
            history.Add("bus", new Happening.EventRefused(outcome));
            return false;
        }

        var isRejection = outcome.Type.Contains("Rejected", StringComparison.Ordinal);
        if ((defect == Defect.BusDropsEvents && !isRejection) || (defect == Defect.BusDropsRejections && isRejection))
        {
            return true;
        }

        var taken = defect switch
        {
            Defect.RandomEventIds => outcome with { Id = $"{outcome.Id}-{history.Lines.Count}" },
            Defect.RejectionsShareTheirKey when isRejection => outcome with { Id = $"{outcome.ReadFacts().RequestId ?? outcome.Subject}-rejected" },
            _ => outcome,
        };
        if (!_seen.Add(taken.Id))
        {
            history.Count(Incident.EventRepeated);
        }

        history.Add("bus", new Happening.EventTaken(taken));
        Told(taken);
        return true;
    }
}

/// <summary>The topic as one worker reaches it.</summary>
internal sealed class BusClient(SimulatedBus bus, Wire wire, Trips trips, Process process) : IOutcomeBus
{
    public async Task PublishAsync(OutcomeEvent outcome, CancellationToken cancellationToken)
    {
        if (!await wire.CallAsync(process, trips.Bus(), () => bus.Take(outcome), cancellationToken))
        {
            throw new InvalidOperationException("The bus does not take this one, simulated.");
        }
    }
}
