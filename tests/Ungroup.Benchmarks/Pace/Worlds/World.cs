using Ungroup.Benchmarks.Pace.Quotas;

namespace Ungroup.Benchmarks.Pace.Worlds;

/// <summary>A fleet, its backlog, other tenants and a quota, in virtual time. The same seed plays the same run.</summary>
internal sealed class World
{
    /// <summary>A round trip to the broker; receiving costs none, since messages come in advance.</summary>
    public static readonly TimeSpan Broker = TimeSpan.FromMilliseconds(5);

    /// <summary>How often an instance that has no room, while messages wait, sees whether it has room now.</summary>
    public static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan Timer = TimeSpan.FromMilliseconds(1);

    private readonly Random _latencies;
    private readonly Random _wakes;
    private readonly Instance[] _fleet;
    private readonly int _backlog;
    private int _ended;

    private World(Scenario scenario, Contender contender, int seed)
    {
        var start = scenario.StartOf(seed);
        var plan = scenario.Plan(start);
        (_latencies, _wakes) = (new(seed), new(seed + 1));
        (Agenda, Queue, Quota) = (new(start), new(scenario.Backlog), plan.Open(start));
        (Hints, _backlog) = (scenario.Hints, scenario.Backlog);
        foreach (var step in plan.Steps)
        {
            Agenda.At(step.At, () => Quota.Change(step.PerSecond, Agenda.Now));
        }

        if (scenario.Others)
        {
            new OtherTenants(this, plan, new(seed + 2)).Start();
        }

        var pacers = contender.Hire(new(scenario.Instances, start, new(seed + 3)), plan);
        _fleet = [.. pacers.Select((pacer, number) => new Instance(number, pacer, this))];
    }

    public Agenda Agenda { get; }

    public JobQueue Queue { get; }

    public Quota Quota { get; }

    public Log Log { get; } = new();

    /// <summary>Whether a refusal says how long to wait.</summary>
    public bool Hints { get; }

    public static Log Run(Scenario scenario, Contender contender, int seed)
    {
        var world = new World(scenario, contender, seed);
        world.Play(scenario.EndOf(world.Agenda.Now));
        return world.Log;
    }

    /// <summary>15 to 30 ms, 20 on average: most calls are quick and some are not.</summary>
    public TimeSpan Latency() => TimeSpan.FromMilliseconds(15 + (15 * (1 - Math.Sqrt(1 - _latencies.NextDouble()))));

    /// <summary>No timer is finer than a millisecond.</summary>
    public DateTimeOffset Soonest(DateTimeOffset time) => Agenda.Now + Timer is var soonest && time < soonest ? soonest : time;

    public void Postpone(Job job, DateTimeOffset until)
    {
        var due = until < Agenda.Now ? Agenda.Now : until;
        Log.Postponements++;
        Queue.Postpone(job, due);
        Agenda.At(due, Wake);
    }

    public void End(bool outOfRetries)
    {
        _ended++;
        Log.OutOfRetries += outOfRetries ? 1 : 0;
    }

    private void Play(DateTimeOffset end)
    {
        Log.Start = Agenda.Now;
        foreach (var instance in _fleet)
        {
            Agenda.At(Agenda.Now, instance.Receive);
        }

        Agenda.Run(end, () => _ended == _backlog);
        (Log.End, Log.LastHandedOut) = (Agenda.Now, _ended == _backlog ? Queue.LastHandedOut : Agenda.Now);
        (Log.Jobs, Log.Unfinished, Log.Closed) = (_backlog, _backlog - _ended, Quota.ClosedUntil(Agenda.Now));
        foreach (var job in _fleet.SelectMany(instance => instance.Hand))
        {
            Log.Add(Agenda.Now - job.ReceivedAt);
        }
    }

    /// <summary>A postponed message is back: whoever has room takes it, and nobody is always asked first.</summary>
    private void Wake()
    {
        var first = _wakes.Next(_fleet.Length);
        for (var index = 0; index < _fleet.Length && Queue.HasOne(Agenda.Now); index++)
        {
            _fleet[(first + index) % _fleet.Length].Receive();
        }
    }
}
