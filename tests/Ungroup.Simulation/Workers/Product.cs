using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Ungroup.Circuits;
using Ungroup.Ecs;
using Ungroup.Ecs.Changes;
using Ungroup.Ecs.Containment;
using Ungroup.Ecs.Credentials;
using Ungroup.Ecs.Wire;
using Ungroup.Guardrails;
using Ungroup.Holds;
using Ungroup.Ledger;
using Ungroup.Outcomes;
using Ungroup.Quotas;
using Ungroup.Quotas.Fleet;
using Ungroup.Requests;
using Ungroup.Simulation.Cloud;
using Ungroup.Simulation.Cloud.Bus;
using Ungroup.Simulation.Cloud.Ecs;
using Ungroup.Simulation.Cloud.Store;
using Ungroup.Simulation.Plan;
using Ungroup.Simulation.Time;

namespace Ungroup.Simulation.Workers;

/// <summary>The product as one process has it: its real parts, put together as Setup does, without a container, which would cost more than a seed does.</summary>
internal sealed class Product
{
    // Shared, because meters cost more than a seed does; nobody reads them.
    private static readonly IOptions<PaceOptions> Together = Options.Create(new PaceOptions());
    private static readonly IOptions<PaceOptions> Apart = Options.Create(new PaceOptions { Shared = false });
    private static readonly QuotaLimiters Unused = new(Together, new("nobody"), () => 0, TimeProvider.System, NullLogger<QuotaLimiters>.Instance);
    private static readonly Telemetry Telemetry = new(new Meters(), Unused, new(TimeProvider.System, NullLogger<CircuitRegistry>.Instance));
    private static readonly IOptions<EcsOptions> EcsSettings = Options.Create(new EcsOptions());

    // Small, so that a few outcomes that cannot be told fill one.
    private const int PageSize = 3;

    private static readonly IOptions<GuardrailOptions> Approval = Options.Create(new GuardrailOptions { ApprovalGroups = { Ids.ApprovalGroup } });

    private static readonly Accounts Accounts = ConfiguredAccounts.Of(AccountSettings(null), EcsSettings.Value, _ => null);

    public Product(World world, WorkerProcess worker, Chance chance)
    {
        var (process, clock) = (worker.Process, worker.Clock);
        var owner = new LedgerOwner(process.Name);
        var bus = new BusClient(world.Bus, world.Wire, world.Trips, process);
        if (world.Defect == Defect.PublishesBeforeDeciding)
        {
            world.StoreDefects.BeforeAsync = next => next.State == LedgerState.Decided ? bus.PublishAsync(next.Outcome!, default) : Task.CompletedTask;
        }

        var store = new StoreClient(world.Store, world.Wire, world.Trips, process, clock, world.StoreDefects);
        var ledgerOptions = Options.Create(new LedgerOptions { Lease = world.LeaseFor });
        var ledger = new RemovalLedger(store, owner, ledgerOptions, clock);
        var waits = new Waits(EcsSettings, clock, chance.NextDouble);
        var nonces = 0;
        Limiters = new(world.PaceIsShared ? Together : Apart, owner, chance.NextDouble, clock, NullLogger<QuotaLimiters>.Instance);
        var client = new EcsClient(
            new EcsWire(world, worker, owner, Limiters), Accounts, EcsSettings, clock, NullLogger<EcsClient>.Instance)
        {
            Nonce = () => $"{process.Name}-{++nonces}",
        };
        var circuits = new CircuitRegistry(clock, NullLogger<CircuitRegistry>.Instance);
        Membership = new(Limiters, store, owner, chance.NextDouble, NullLogger<FleetMembership>.Instance);
        var note = new CircuitNote(circuits, store, owner, clock);
        var tries = new DeliveryTries(client, new(circuits, Limiters), new EcsPipeline(EcsSettings, clock, chance.NextDouble), waits);
        var procedure = new RemovalProcedure(tries, waits, NullLogger<RemovalProcedure>.Instance);
        var guardrails = Guardrails(world, worker);
        var containment = new ContainmentProcedure(
            tries, new(ledger, new IsolationGroups(clock), guardrails, Ids.Accounts, waits), Options.Create(AccountSettings(world)));
        var publisher = new OutcomePublisher(
            bus, new PublishedMarks(store, clock, NullLogger<PublishedMarks>.Instance), NullLogger<OutcomePublisher>.Instance);
        var recorder = new OutcomeRecorder(ledger, publisher, clock, Telemetry, NullLogger<OutcomeRecorder>.Instance);

        var holds = new HoldRows(store);
        var limits = Options.Create(new GuardrailOptions { MostPerHour = world.MostPerHour });
        var allowances = new HourAllowances(store, holds, limits, clock, NullLogger<HourAllowances>.Instance);
        if (world.Jobs is not null)
        {
            Jobs = new(store, owner, ledgerOptions, ledger, new RequestBusClient(world, process), tries, waits, publisher, Approval, clock, chance.Fork(), world.RowSize);
        }

        Handler = new(
            new RequestReader(Ids.Accounts), ledger, guardrails, procedure, containment, recorder,
            new(new(Ids.Accounts, chance.NextDouble, clock), new(holds, clock, chance.NextDouble), allowances, waits, Telemetry, clock, NullLogger<RemovalHandler>.Instance), Jobs?.Door);
        Sweep = new(ledger, new SharedTurn(store, owner), note, Handler, recorder, NullLogger<Sweep>.Instance, holds: allowances, jobs: world.Defect == Defect.JobsAreNotWoken ? null : Jobs?.Sweep, pageSize: PageSize);
    }

    public RemovalHandler Handler { get; }

    public Sweep Sweep { get; }

    /// <summary>Null in a seed without jobs.</summary>
    public JobParts? Jobs { get; }

    public QuotaLimiters Limiters { get; }

    public FleetMembership Membership { get; }

    private static GuardrailChain Guardrails(World world, WorkerProcess worker)
    {
        var options = new GuardrailOptions();
        foreach (var id in worker.Machine.Protected.Where(_ => world.Defect != Defect.GuardrailsForgotten))
        {
            (id.StartsWith("sg-", StringComparison.Ordinal) ? options.ProtectedGroups : options.ProtectedResources).Add(id);
        }

        if (world.ProtectedTag is { } tag)
        {
            options.ProtectedTags.Add(tag);
        }

        var given = Options.Create(options);
        return new([new ProtectedGroup(given, Ids.Accounts), new ProtectedResource(given), new ProtectedTag(given), .. world.Jobs is null ? (IGuardrail[])[] : [new ApprovalNeeded(Approval)]]);
    }

    // The host name says the account, which is all that the simulated ECS has to know of a signature.
    private static AccountsOptions AccountSettings(World? world)
    {
        var options = new AccountsOptions();
        foreach (var name in Ids.AccountNames)
        {
            options.Accounts[name] = new()
            {
                Credentials = CredentialsSource.Static,
                AccessKeyId = name,
                AccessKeySecret = "secret",
                Endpoint = $"{name}.ecs.test",
                ContainBy = world?.ContainBy.GetValueOrDefault(name) ?? default,
            };
        }

        return options;
    }

    private sealed class Meters : IMeterFactory
    {
        public Meter Create(MeterOptions options) => new(options);

        public void Dispose()
        {
        }
    }
}
