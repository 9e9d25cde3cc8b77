using Ungroup.Ledger;
using Ungroup.Simulation.Plan;
using Ungroup.Simulation.Story;
using Ungroup.Simulation.Time;

namespace Ungroup.Simulation.Cloud;

/// <summary>How long exchanges take, and how they fail, apart from those with ECS.</summary>
internal sealed class Trips(FaultPlan faults, Chance chance)
{
    public Trip Store()
    {
        var (there, back) = (chance.Milliseconds(1, 15), chance.Milliseconds(1, 10));
        return (faults.Hits(Incident.StoreAway), faults.Hits(Incident.StoreReplyLost), faults.Hits(Incident.StoreWroteLate)) switch
        {
            (true, _, _) => new(null, FailsAfter: there + back, Failure: () => new LedgerUnavailableException("503, simulated.")),
            (_, true, _) => new(there, FailsAfter: there + chance.Seconds(0.1, 10), Failure: () => new LedgerUnavailableException("No reply, simulated.")),
            (_, _, true) => Late(chance.Seconds(0.5, 10)),
            _ => faults.Hits(Incident.StoreSlow) ? new(there + chance.Seconds(0, 20), back + chance.Seconds(0, 20)) : new(there, back),
        };
    }

    public Trip Bus()
    {
        var (there, back) = (chance.Milliseconds(2, 20), chance.Milliseconds(2, 20));
        return (faults.Hits(Incident.BusAway), faults.Hits(Incident.BusReplyLost)) switch
        {
            (true, _) => new(null, FailsAfter: there + back, Failure: () => new TimeoutException("The bus is away, simulated.")),
            (_, true) => new(there, FailsAfter: there + chance.Seconds(0.1, 10), Failure: () => new TimeoutException("No reply of the bus, simulated.")),
            _ => new(there, back),
        };
    }

    public Trip Copy()
    {
        var (there, back) = (chance.Milliseconds(2, 20), chance.Milliseconds(2, 20));
        return (faults.Hits(Incident.CopyNotTaken), faults.Hits(Incident.CopyReplyLost)) switch
        {
            (true, _) => new(null, FailsAfter: there + back, Failure: () => new TimeoutException("The queue is away, simulated.")),
            (_, true) => new(there, FailsAfter: there + chance.Seconds(0.1, 10), Failure: () => new TimeoutException("No reply of the queue, simulated.")),
            _ => new(there, back),
        };
    }

    /// <summary>Of messages that the product itself sends.</summary>
    public Trip Send()
    {
        var (there, back) = (chance.Milliseconds(2, 20), chance.Milliseconds(2, 20));
        return (faults.Hits(Incident.SendNotTaken), faults.Hits(Incident.SendReplyLost)) switch
        {
            (true, _) => new(null, FailsAfter: there + back, Failure: () => new TimeoutException("The queue is away, simulated.")),
            (_, true) => new(there, FailsAfter: there + chance.Seconds(0.1, 10), Failure: () => new TimeoutException("No reply of the queue, simulated.")),
            _ => new(there, back),
        };
    }

    public Trip Renewal() => faults.Hits(Incident.RenewalLost)
        ? new(null, FailsAfter: chance.Seconds(0.1, 10), Failure: () => new TimeoutException("No renewal, simulated."))
        : new(chance.Milliseconds(2, 20), chance.Milliseconds(2, 20));

    public TimeSpan Delivery() => faults.Hits(Incident.ArrivedTooLate) ? chance.Seconds(10, 90) : chance.Milliseconds(1, 20);

    // The client has given up before the store has even begun.
    private Trip Late(TimeSpan givesUp) =>
        new(givesUp + chance.Seconds(0, 5), FailsAfter: givesUp, Failure: () => new LedgerUnavailableException("No reply in time, simulated."));
}
