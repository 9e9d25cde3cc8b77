using Ungroup.Simulation.Story;
using Ungroup.Simulation.Time;

namespace Ungroup.Simulation.Workers;

/// <summary>Machines, each with a clock of its own and one process after the other on it; and who of them gets which message.</summary>
internal sealed class Fleet
{
    public const int ConcurrencyAtBacklog = 8;

    private readonly World _world;
    private readonly Chance _chance;
    private readonly List<WorkerProcess> _running = [];
    private bool _dispatches;

    public Fleet(World world, Chance chance)
    {
        (_world, _chance) = (world, chance);
        world.Broker.Changed = DispatchSoon;
        world.Wire.Dies = Dies;
        world.StoreDefects.IsRunning = owner => _running.Exists(worker => worker.Process.Name == owner);
        Concurrency = world.HasBacklog ? ConcurrencyAtBacklog : chance.Between(1, 4);
        SweepEvery = TimeSpan.FromSeconds(chance.Pick(45, 120, 300, 300));
    }

    public int Concurrency { get; }

    public TimeSpan SweepEvery { get; }

    public void Add(string machine, TimeSpan skew, IReadOnlySet<string> isProtected) => Start(new(machine, skew, isProtected), generation: 1);

    public WorkerProcess? Any() => _running.Count == 0 ? null : _running[_chance.Below(_running.Count)];

    /// <summary>Gives work to who has room for it, a moment from now.</summary>
    public void DispatchSoon()
    {
        if (!_dispatches)
        {
            _dispatches = true;
            _world.Schedule.After(_chance.Milliseconds(1, 10), Dispatch);
        }
    }

    /// <summary>It is there no more, and another process takes its place on the same machine.</summary>
    public void Ended(WorkerProcess worker)
    {
        if (!worker.Process.IsAlive)
        {
            return;
        }

        worker.Process.Die();
        _running.Remove(worker);
        _world.History.Add(worker.Process.Name, new Happening.Died(worker.Process.Name));
        _world.Schedule.After(_chance.Seconds(0.5, _chance.Hits(0.2) ? 300 : 20), () => Start(worker.Machine, worker.Generation + 1));
    }

    private void Start(Machine machine, int generation)
    {
        var worker = new WorkerProcess(_world, machine, generation, _chance.Fork());
        _running.Add(worker);
        _world.History.Add(worker.Process.Name, new Happening.Note($"starts, its clock off by {machine.Skew:c}"));
        worker.Start();
        DispatchSoon();
    }

    private bool Dies(Process process)
    {
        if (!_world.Faults.Hits(Incident.Crashed))
        {
            return false;
        }

        if (_running.Find(worker => worker.Process == process) is { } worker)
        {
            Ended(worker);
        }

        return true;
    }

    private void Dispatch()
    {
        _dispatches = false;
        Dispatch(ofJobs: false);
        Dispatch(ofJobs: true);
    }

    private void Dispatch(bool ofJobs)
    {
        while (_world.Broker.Ready(ofJobs) is { Count: > 0 } ready && Free(ofJobs) is { } worker)
        {
            var index = _world.Faults.Hits(Incident.Reordered) ? _chance.Below(ready.Count) : 0;
            worker.Take(_world.Broker.Deliver(ready[index], worker.Process.Name), _world.Trips.Delivery());
        }
    }

    private WorkerProcess? Free(bool ofJobs)
    {
        var free = _running.FindAll(worker => worker.HasRoom(ofJobs));
        return free.Count == 0 ? null : free[_chance.Below(free.Count)];
    }
}

/// <summary>The part that stays when a process ends.</summary>
internal sealed class Machine(string name, TimeSpan skew, IReadOnlySet<string> isProtected)
{
    public string Name => name;

    public TimeSpan Skew { get; set; } = skew;

    /// <summary>Resources and groups that the settings protect; a process reads them when it starts.</summary>
    public IReadOnlySet<string> Protected { get; set; } = isProtected;
}
