using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Ungroup.Ledger;
using Ungroup.Pace;
using Ungroup.Requests;
using Ungroup.Tests.Support;

namespace Ungroup.Tests.Pace;

/// <summary>
/// Instances with more work than a quota allows, on a clock that goes on in steps of ten milliseconds; an answer takes two
/// steps. They share a store, and a quota that is a window of a minute or a bucket.
/// </summary>
internal sealed class PaceWorld
{
    public static readonly GateKey Key = new("default", "cn-hangzhou", "LeaveSecurityGroup");

    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(10);

    private readonly List<Instance> _instances = [];
    private readonly Queue<(DateTimeOffset At, Instance By, DateTimeOffset SentAt, bool IsServed)> _answers = [];
    private readonly MemoryLedgerStore _store;
    private double _left;
    private DateTimeOffset _minute;

    public PaceWorld(int instances, PaceOptions? options = null)
    {
        _store = new(Clock);
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
    public TimeSpan TurnsLater { get; init; }

    public bool Hints { get; set; }

    public Origin Origin { get; set; } = Origin.Upstream;

    public bool StoreIsAway { get; set; }

    public List<(DateTimeOffset At, int By, bool IsServed)> Calls { get; } = [];

    public Governor this[int instance] => _instances[instance].Governors[Key];

    public void Add(PaceOptions? options = null)
    {
        var chance = new Random(_instances.Count);
        var governors = new Governors(Options.Create(options ?? new()), chance.NextDouble);
        var store = new UnreliableStore(_store);
        _instances.Add(new(
            _instances.Count, governors, store,
            new(governors, store, new($"i-{_instances.Count}"), chance.NextDouble, Clock, NullLogger<Fleet>.Instance)));
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
                Hear(answer.By, answer.SentAt, answer.IsServed);
            }

            foreach (var instance in _instances.Where(instance => !instance.IsGone))
            {
                instance.Store.NotesAreAway = StoreIsAway;
                await instance.Fleet.RunDueAsync(TestContext.Current.CancellationToken);
                while (instance.Closed <= Now && instance.Governors[Key].TryTake(Origin, Now, out _))
                {
                    Call(instance);
                }
            }
        }
    }

    private void Call(Instance instance)
    {
        var isServed = _left >= 1;
        _left -= isServed ? 1 : 0;
        Calls.Add((Now, instance.Number, isServed));
        _answers.Enqueue((Now + (2 * Step), instance, Now, isServed));
    }

    private void Hear(Instance instance, DateTimeOffset sentAt, bool isServed)
    {
        if (isServed)
        {
            instance.Governors[Key].Passed(sentAt, isAnswered: true, Now);
        }
        else
        {
            instance.Closed = instance.Governors[Key].Refused(sentAt, Hints ? TurnAfter(Now) - Now : null, Now).Until;
        }
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

    private sealed record Instance(int Number, Governors Governors, UnreliableStore Store, Fleet Fleet)
    {
        public bool IsGone { get; set; }

        public DateTimeOffset Closed { get; set; }
    }
}
