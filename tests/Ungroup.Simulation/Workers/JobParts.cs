using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Ungroup.Ecs.Changes;
using Ungroup.Guardrails;
using Ungroup.Jobs;
using Ungroup.Jobs.Driving;
using Ungroup.Jobs.Selecting;
using Ungroup.Ledger;
using Ungroup.Messages;
using Ungroup.Outcomes;
using Ungroup.Simulation.Plan;
using Ungroup.Simulation.Time;

namespace Ungroup.Simulation.Workers;

/// <summary>One process's parts for jobs, put together as <see cref="JobSetup"/> does.</summary>
internal sealed class JobParts
{
    /// <summary>Messages of the queue of jobs that a process has in hand at once.</summary>
    public const int MostDrivers = 2;

    public JobParts(
        ILedgerStore store, LedgerOwner owner, IOptions<LedgerOptions> options, RemovalLedger ledger, IRequestBus bus, DeliveryTries tries, Waits waits, OutcomePublisher publisher,
        IOptions<GuardrailOptions> guardrails, TimeProvider clock, Chance chance, int rowSize)
    {
        Store = new(store, owner, options, clock) { RowSize = rowSize };
        var children = new JobChildren(Store, ledger, bus);
        var driver = new JobDriver(
            Store, new(Store, tries, waits), children, publisher, new(clock, chance.NextDouble, NullLogger<JobDriver>.Instance));
        Handler = new(Store, driver, clock, NullLogger<JobHandler>.Instance);
        var queue = new DriverQueue(bus, NullLogger<DriverQueue>.Instance);
        Door = new(new(Ids.Accounts), Store, queue, new(guardrails), clock);
        Decisions = new(Store, queue, clock);
        FollowUps = new(Store, new(Store, children, clock), Door, clock);
        Sweep = new(Store, queue, clock, NullLogger<JobSweep>.Instance);
    }

    public JobStore Store { get; }

    public JobHandler Handler { get; }

    public JobDoor Door { get; }

    public JobDecisions Decisions { get; }

    public JobFollowUps FollowUps { get; }

    public JobSweep Sweep { get; }
}
