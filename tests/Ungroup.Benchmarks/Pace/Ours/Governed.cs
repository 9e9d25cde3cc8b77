using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Ungroup.Ecs;
using Ungroup.Ledger;
using Ungroup.Ledger.Memory;
using Ungroup.Pace;

namespace Ungroup.Benchmarks.Pace.Ours;

/// <summary>The product's own quotas, governors and fleet, as a worker uses them; instances share one store.</summary>
internal sealed class Governed : IPacer
{
    private static readonly TimeSpan InPlace = new EcsOptions().LongestWaitInPlace;
    private static readonly TimeSpan ALittle = TimeSpan.FromSeconds(0.25);
    private static readonly PacedCall Call = new("default", "cn-hangzhou", "LeaveSecurityGroup");

    private readonly VirtualClock _clock;
    private readonly Random _chance;
    private readonly Governors _governors;
    private readonly QuotaRegistry _quotas;
    private readonly ReceiveRoom _room;
    private readonly Fleet _fleet;
    private readonly Dictionary<Job, (QuotaPermit? Permit, TimeSpan LeftInPlace)> _inHand = [];

    private Governed(int number, ILedgerStore store, VirtualClock clock, Random chance)
    {
        (_clock, _chance) = (clock, chance);
        _governors = new(Options.Create(new PaceOptions()), chance.NextDouble);
        _room = new(_governors, Options.Create(new EcsOptions()), clock);
        _quotas = new(_governors, clock, NullLogger<QuotaRegistry>.Instance);
        _fleet = new(_governors, store, new LedgerOwner($"instance-{number}"), chance.NextDouble, clock, NullLogger<Fleet>.Instance);
    }

    public static IReadOnlyList<IPacer> Hire(Briefing briefing)
    {
        var clock = new VirtualClock(briefing.Start);
        var store = new MemoryLedgerStore(clock);
        return [.. Enumerable.Range(0, briefing.Instances).Select(number => new Governed(number, store, clock, new Random(briefing.Chance.Next())))];
    }

    public DateTimeOffset? Next => _fleet.Next(_clock.GetUtcNow());

    public int Room(DateTimeOffset now)
    {
        _clock.Now = now;
        return (int)Math.Min(Briefing.Concurrency, _room.Within(_room.HoldOf(Briefing.Lock), withIncidents: false).All);
    }

    public Permit Ask(Job job, DateTimeOffset now)
    {
        _clock.Now = now;
        var hand = _inHand.TryGetValue(job, out var held) ? held : (Permit: null, LeftInPlace: InPlace);
        if (_quotas.TryTake(Call, out var wait) is { } permit)
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
        return Permit.PostponeUntil(_quotas.Promise(wait, Call.Origin));
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

        var (closed, _) = permit.Throttled(hint, _chance.NextDouble() * ALittle, "Throttling.User");
        var pause = closed.Until - now;
        if (pause <= hand.LeftInPlace)
        {
            _inHand[job] = (null, hand.LeftInPlace - pause);
            return After.AskAgainAt(closed.Until);
        }

        _inHand.Remove(job);
        return After.PostponeUntil(_quotas.Promise(closed, Call.Origin));
    }

    public void Tick(DateTimeOffset now)
    {
        _clock.Now = now;
        var round = _fleet.RunDueAsync(CancellationToken.None);
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
    }
}
