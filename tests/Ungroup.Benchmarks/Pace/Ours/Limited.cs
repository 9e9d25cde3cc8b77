using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Ungroup.Ecs;
using Ungroup.Ledger;
using Ungroup.Ledger.Memory;
using Ungroup.Quotas;
using Ungroup.Quotas.Fleet;
using Ungroup.Quotas.Windows;

namespace Ungroup.Benchmarks.Pace.Ours;

/// <summary>The product's own limiters, receive budget and membership, as a worker uses them; instances share one store.</summary>
internal sealed class Limited : IPacer
{
    private static readonly TimeSpan InPlace = new EcsOptions().LongestWaitInPlace;
    private static readonly PacedCall Call = new("default", "cn-hangzhou", "LeaveSecurityGroup");

    private readonly VirtualClock _clock;
    private readonly QuotaLimiters _limiters;
    private readonly ReceiveBudget _budget;
    private readonly FleetMembership _membership;
    private readonly Dictionary<Job, (QuotaPermit? Permit, TimeSpan LeftInPlace)> _inHand = [];

    private Limited(int number, ILedgerStore store, VirtualClock clock, Random chance)
    {
        _clock = clock;
        var owner = new LedgerOwner($"instance-{number}");
        _limiters = new(Options.Create(new PaceOptions()), owner, chance.NextDouble, clock, NullLogger<QuotaLimiters>.Instance);
        _budget = new(_limiters, Options.Create(new EcsOptions()));
        _membership = new(_limiters, store, owner, chance.NextDouble, NullLogger<FleetMembership>.Instance);
    }

    public static IReadOnlyList<IPacer> Hire(Briefing briefing)
    {
        var clock = new VirtualClock(briefing.Start);
        var store = new MemoryLedgerStore(clock);
        return [.. Enumerable.Range(0, briefing.Instances).Select(number => new Limited(number, store, clock, new Random(briefing.Chance.Next())))];
    }

    public DateTimeOffset? Next => _membership.Next(_membership.Now);

    public int Room(DateTimeOffset now)
    {
        _clock.Now = now;
        return (int)Math.Min(Briefing.Concurrency, _budget.Within(_budget.HoldOf(Briefing.Lock), withIncidents: false).All);
    }

    public Permit Ask(Job job, DateTimeOffset now)
    {
        _clock.Now = now;
        var hand = _inHand.TryGetValue(job, out var held) ? held : (Permit: null, LeftInPlace: InPlace);
        if (_limiters.TryTake(Call, out var wait) is { } permit)
        {
            permit.Sending();
            _inHand[job] = hand with { Permit = permit };
            return Permit.Go;
        }

        var pause = wait!.Until - now;
        if (pause <= hand.LeftInPlace)
        {
            _inHand[job] = hand with { LeftInPlace = hand.LeftInPlace - pause };
            return Permit.WaitUntil(wait.Until > now ? wait.Until : now + TimeSpan.FromMilliseconds(1));
        }

        _inHand.Remove(job);
        return Permit.PostponeUntil(_limiters.Promise(wait, Call.Origin));
    }

    public After Told(Job job, DateTimeOffset sentAt, DateTimeOffset now, bool refused, TimeSpan? hint)
    {
        _clock.Now = now;
        var hand = _inHand[job];
        using var permit = hand.Permit!;
        if (!refused)
        {
            permit.Passed();
            _inHand.Remove(job);
            return After.Done;
        }

        var (closed, _) = permit.Throttled(hint, "Throttling.User");
        var pause = closed.Until - now;
        if (pause <= hand.LeftInPlace)
        {
            _inHand[job] = (null, hand.LeftInPlace - pause);
            return After.AskAgainAt(closed.Until);
        }

        _inHand.Remove(job);
        return After.PostponeUntil(_limiters.Promise(closed, Call.Origin));
    }

    public void Tick(DateTimeOffset now)
    {
        _clock.Now = now;
        var round = _membership.RunDueAsync(CancellationToken.None);
        if (!round.IsCompleted)
        {
            throw new InvalidOperationException("The store in memory answers at once.");
        }

        round.GetAwaiter().GetResult();
    }

    /// <summary>The time that the world has handed in last.</summary>
    private sealed class VirtualClock(DateTimeOffset start) : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = start;

        public override DateTimeOffset GetUtcNow() => Now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.UtcTicks;
    }
}
