using Ungroup.Ecs;
using Ungroup.Simulation.Cloud;
using Ungroup.Simulation.Cloud.Bus;
using Ungroup.Simulation.Cloud.Ecs;
using Ungroup.Simulation.Cloud.Store;
using Ungroup.Simulation.Plan;
using Ungroup.Simulation.Story;
using Ungroup.Simulation.Time;

namespace Ungroup.Simulation.Workers;

/// <summary>Everything that is shared in one seed: time, chance, the cloud and its history.</summary>
internal sealed class World
{
    // A job is many requests: more of them, and a minute would have few lives.
    private const double ShareOfJobs = 0.08;

    private int _calls;

    public World(ulong seed, Defect defect)
    {
        Defect = defect;
        Chance = new(seed);
        Schedule = new();
        History = new(Schedule);
        Faults = new(Chance.Fork(), History, Schedule);
        Trips = new(Faults, Chance.Fork());
        EcsTrips = new(Faults, Chance.Fork(), defect);
        Wire = new(Schedule);
        Store = new(History, Schedule, Skew(Chance), defect);
        StoreDefects = new(defect);
        Bus = new(History, defect);
        Ecs = new(History, Schedule, Faults, Chance.Fork(), defect);
        Store.IsMember = Ecs.IsMember;
        Broker = new(History, Schedule, Store, new(
            LockFor: TimeSpan.FromSeconds(Chance.Pick(30, 60, 60, 300)), IsDeduplicating: Chance.Hits(0.3), MostDeliveries: Chance.Pick(10, 10, 10, 3)));
        if (!Broker.Settings.IsDeduplicating)
        {
            Faults.SpareSettlements();
        }

        // Faults of the pace show only where there is more to do than a quota allows.
        HasBacklog = Chance.Hits(0.02) || defect == Defect.PacePerDelivery;
        if (HasBacklog)
        {
            Faults.SpareBacklog();
        }

        // Drawn apart, so that a seed without containments is what it would be if there were none.
        var containments = new Chance(seed ^ 0xC0_47A1_4ED5);
        if (containments.Hits(0.4) && !HasBacklog)
        {
            Containments = containments;
            ContainBy = Ids.AccountNames.ToDictionary(account => account, _ => containments.Hits(0.3) ? Ungroup.Ecs.ContainBy.Modify : Ungroup.Ecs.ContainBy.JoinThenLeave);
        }

        var stops = new Chance(seed ^ 0x5_70B5);
        if ((stops.Hits(0.3) && !HasBacklog) || defect is Defect.StopsAreNotSeen or Defect.ChangesAreNotCounted)
        {
            Stops = stops;
            MostPerHour = stops.Pick(1, 2, 3, 1_000_000);
        }

        var tags = new Chance(seed ^ 0x7A_65_00);
        if ((tags.Hits(0.15) && !HasBacklog) || defect == Defect.TagsAreNotSeen)
        {
            Tags = tags;
            ProtectedTag = tags.Pick("protect", "protect=yes");
        }

        var jobs = JobsOf(seed);
        if ((jobs.Hits(ShareOfJobs) && !HasBacklog) || Variant.NeedsJobs(defect))
        {
            Jobs = jobs;
            RowSize = jobs.Pick(1, 3, 3, 100);
            Faults.BeginJobs(jobs.Fork());
            Broker.Loses = letter => (letter.Drives is not null || letter.Request?.RequestId.Contains('/', StringComparison.Ordinal) == true) && Faults.Hits(Incident.MessageLost);
        }

        PaceIsShared = HasBacklog || Chance.Hits(0.25);
        Fleet = new(this, Chance.Fork());
        LeaseFor = defect == Defect.LeaseTooShort ? TimeSpan.FromSeconds(10) : TimeSpan.FromMinutes(2);
    }

    public Defect Defect { get; }

    public Chance Chance { get; }

    public Schedule Schedule { get; }

    public History History { get; }

    public FaultPlan Faults { get; }

    public Trips Trips { get; }

    public EcsTrips EcsTrips { get; }

    public Wire Wire { get; }

    public SimulatedStore Store { get; }

    public StoreDefects StoreDefects { get; }

    public SimulatedBus Bus { get; }

    public SimulatedEcs Ecs { get; }

    public SimulatedBroker Broker { get; }

    public Fleet Fleet { get; }

    public TimeSpan LeaseFor { get; }

    /// <summary>Whether so much is asked at once that a quota lasts for minutes.</summary>
    public bool HasBacklog { get; }

    /// <summary>Whether instances tell each other what they use of the quotas. Costs more than all the rest of a seed.</summary>
    public bool PaceIsShared { get; }

    /// <summary>Where hosts are contained: what their plans are drawn from.</summary>
    public Chance? Containments { get; }

    /// <summary>Where an operator puts holds: what they are drawn from.</summary>
    public Chance? Stops { get; }

    /// <summary>Where jobs are submitted: what they are drawn from.</summary>
    public Chance? Jobs { get; }

    /// <summary>Where others tag resources: what that is drawn from.</summary>
    public Chance? Tags { get; }

    /// <summary>As the settings have it; null where they protect none.</summary>
    public string? ProtectedTag { get; }

    /// <summary>How many resources of a plan are in one row.</summary>
    public int RowSize { get; } = 100;

    /// <summary>How many resources clean-ups may change in an hour.</summary>
    public int MostPerHour { get; } = 1_000_000;

    /// <summary>How each account changes groups.</summary>
    public IReadOnlyDictionary<string, ContainBy> ContainBy { get; } = new Dictionary<string, ContainBy>();

    /// <summary>Whether jobs are submitted in a seed, unless it has a backlog.</summary>
    public static bool HasJobs(ulong seed) => JobsOf(seed).Hits(ShareOfJobs);

    public int NextCall() => ++_calls;

    private static Chance JobsOf(ulong seed) => new(seed ^ 0x10_B5_F0_12_A1);

    /// <summary>Right, or wrong by up to five minutes either way.</summary>
    public static TimeSpan Skew(Chance chance) => chance.Hits(0.5) ? TimeSpan.Zero : chance.Between(TimeSpan.FromMinutes(-5), TimeSpan.FromMinutes(5));
}
