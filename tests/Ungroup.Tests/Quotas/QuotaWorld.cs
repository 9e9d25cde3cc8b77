using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Ungroup.Ledger;
using Ungroup.Ledger.Memory;
using Ungroup.Messages;
using Ungroup.Quotas;
using Ungroup.Quotas.Fleet;
using Ungroup.Quotas.Windows;
using Ungroup.Requests;
using Ungroup.Tests.Support;

namespace Ungroup.Tests.Quotas;

/// <summary>
/// Instances with more work than a quota allows, on a clock that goes on in steps of ten milliseconds; an answer takes two
/// steps. They share a store, in which they tell each other what they use and what they have found used up, and a quota that is a
/// window of a minute or a bucket.
/// </summary>
internal sealed class QuotaWorld
{
    public static readonly PacedCall Call = new("default", "cn-hangzhou", "LeaveSecurityGroup");

    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Hold = TimeSpan.FromSeconds(5);

    private readonly List<Instance> _instances = [];
    private readonly Queue<(DateTimeOffset At, Instance By, QuotaPermit Permit, bool IsServed)> _answers = [];
    private readonly MemoryLedgerStore _store;
    private readonly Func<int, TimeSpan> _ahead;
    private double _left;
    private DateTimeOffset _minute;

    /// <param name="instances">How many.</param>
    /// <param name="options">Those of all of them.</param>
    /// <param name="ahead">By how much the clock of each is ahead of the world's; null where all are right.</param>
    public QuotaWorld(int instances, PaceOptions? options = null, Func<int, TimeSpan>? ahead = null)
    {
        (_store, _ahead) = (new(Clock), ahead ?? (_ => TimeSpan.Zero));
        for (var number = 0; number < instances; number++)
        {
            Add(options);
        }
    }

    public FakeTimeProvider Clock { get; } = new(Some.Now);

    public DateTimeOffset Now => Clock.GetUtcNow();

    /// <summary>Calls a minute.</summary>
    public double Quota { get; set; } = 600;

    /// <summary>Null for a window; else how many calls can be saved up.</summary>
    public double? Burst { get; init; }

    /// <summary>By how much later than the clock's its minute turns.</summary>
    public TimeSpan TurnsLater { get; set; }

    /// <summary>Whether a call is refused for another reason than the quota.</summary>
    public Func<DateTimeOffset, bool> IsRefusedAnyway { get; set; } = _ => false;

    public bool Hints { get; set; }

    public Origin Origin { get; set; } = Origin.Upstream;

    public bool StoreIsAway { get; set; }

    /// <summary>The one instance that the store does not answer; null where it answers all.</summary>
    public int? CutOff { get; set; }

    /// <summary>How long a reply of the store is under way at most.</summary>
    public TimeSpan RepliesTake { get; init; }

    public List<(DateTimeOffset At, int By, bool IsServed)> Calls { get; } = [];

    public QuotaLimiter this[int instance] => _instances[instance].Quotas[Call.Quota];

    public void Add(PaceOptions? options = null)
    {
        var chance = new Random(_instances.Count);
        var network = new Random(_instances.Count);
        var store = new UnreliableStore(_store) { NotesAreOld = () => RepliesTake * network.NextDouble() };
        var clock = new ShiftedClock(Clock) { Ahead = _ahead(_instances.Count) };
        var owner = new LedgerOwner($"i-{_instances.Count}");
        var quotas = new QuotaLimiters(Options.Create(options ?? new()), owner, chance.NextDouble, clock, NullLogger<QuotaLimiters>.Instance);
        _instances.Add(new(
            _instances.Count, store, quotas,
            new(quotas, store, owner, chance.NextDouble, NullLogger<FleetMembership>.Instance)));
    }

    public int NotesWritten(int instance) => _instances[instance].Store.NotesWritten;

    public void Remove(int instance) => _instances[instance].IsGone = true;

    public int Sent(DateTimeOffset from, TimeSpan time) => Calls.Count(call => call.At >= from && call.At < from + time);

    public int Served(DateTimeOffset from, TimeSpan time) => Calls.Count(call => call.IsServed && call.At >= from && call.At < from + time);

    public int Refused(DateTimeOffset from, TimeSpan time) => Calls.Count(call => !call.IsServed && call.At >= from && call.At < from + time);

    public async Task RunAsync(TimeSpan time)
    {
        for (var end = Now + time; Now < end; Clock.Advance(Step))
        {
            Refill();
            while (_answers.TryPeek(out var answer) && answer.At <= Now)
            {
                _answers.Dequeue();
                Hear(answer.By, answer.Permit, answer.IsServed);
            }

            foreach (var instance in _instances.Where(instance => !instance.IsGone))
            {
                instance.Store.NotesAreAway = StoreIsAway || CutOff == instance.Number;
                await instance.Membership.RunDueAsync(TestContext.Current.CancellationToken);
                while (instance.AsksAgainAt <= Now)
                {
                    Ask(instance);
                }
            }
        }
    }

    private void Ask(Instance instance)
    {
        if (instance.Quotas.TryTake(Call with { Origin = Origin }, out var wait) is not { } permit)
        {
            // An instance whose work waits says so by asking what there is room for.
            instance.Quotas[Call.Quota].Budget(Hold, withIncidents: false, isOnly: true);
            instance.AsksAgainAt = Earlier(Later(wait!.Until - _ahead(instance.Number), Now + Step), Now + Look);
            return;
        }

        var isServed = _left >= 1 && !IsRefusedAnyway(Now);
        _left -= isServed ? 1 : 0;
        Calls.Add((Now, instance.Number, isServed));
        permit.Sending();
        _answers.Enqueue((Now + (2 * Step), instance, permit, isServed));
    }

    private void Hear(Instance instance, QuotaPermit permit, bool isServed)
    {
        using (permit)
        {
            if (isServed)
            {
                permit.Passed();
            }
            else
            {
                permit.Throttled(Hints ? TurnAfter(Now) - Now : null, "Throttling.User");
            }
        }

        // Another thing may be known now.
        instance.AsksAgainAt = Now;
    }

    private void Refill()
    {
        if (Burst is { } burst)
        {
            _left = Math.Min(burst, _left + (Quota / 60 * Step.TotalSeconds));
        }
        else if (_minute != TurnAfter(Now))
        {
            (_minute, _left) = (TurnAfter(Now), Quota);
        }
    }

    private DateTimeOffset TurnAfter(DateTimeOffset now) =>
        new(now.Ticks - ((now - TurnsLater).Ticks % TimeSpan.TicksPerMinute) + TimeSpan.TicksPerMinute, TimeSpan.Zero);

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    private sealed record Instance(
        int Number, UnreliableStore Store, QuotaLimiters Quotas, FleetMembership Membership)
    {
        public bool IsGone { get; set; }

        public DateTimeOffset AsksAgainAt { get; set; }
    }
}
