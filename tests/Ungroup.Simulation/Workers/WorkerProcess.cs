using Ungroup.Simulation.Plan;
using Ungroup.Simulation.Story;
using Ungroup.Simulation.Time;

namespace Ungroup.Simulation.Workers;

/// <summary>One life of a worker: takes messages, sweeps from time to time, and is drained or killed in the end.</summary>
internal sealed class WorkerProcess
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    private readonly World _world;
    private readonly Product _product;
    private readonly DeliveryHost _host;
    private readonly CancellationTokenSource _stop = new();
    private int _busy;
    private int _driving;
    private bool _keepsPace;

    public WorkerProcess(World world, Machine machine, int generation, Chance chance)
    {
        (_world, Machine, Generation) = (world, machine, generation);
        Process = new(world.Schedule, $"{machine.Name}.{generation}");
        Clock = new(world.Schedule, Process, machine.Skew);
        _product = new(world, this, chance);
        _host = new(world, this, (delivery, ofJobs, cancellationToken) => ofJobs ? _product.Jobs!.Handler.HandleAsync(delivery, cancellationToken)
            : (world.Defect is Defect.CircuitsPerDelivery or Defect.PacePerDelivery ? new Product(world, this, chance).Handler : _product.Handler).HandleAsync(delivery, cancellationToken));
    }

    public Machine Machine { get; }

    public int Generation { get; }

    public Process Process { get; }

    public WorkerClock Clock { get; }

    public CancellationToken Stop => _stop.Token;

    /// <summary>The jobs that the process may be asked about; null where none is simulated.</summary>
    public JobParts? Jobs => _product.Jobs;

    public bool HasRoom(bool ofJobs) =>
        Process.IsAlive && !_stop.IsCancellationRequested && (ofJobs ? _driving < JobParts.MostDrivers : _busy < _world.Fleet.Concurrency);

    public void Start() => _ = SweepAsync();

    /// <summary>
    /// Runs the fleet's rounds when they are due, as a host's timer does. It rests while nothing was called for long, because
    /// then they do nothing, and a day of that would cost more than all the rest of a seed.
    /// </summary>
    public void KeepPace()
    {
        if (!_keepsPace && _world.PaceIsShared)
        {
            _keepsPace = true;
            _ = PaceAsync();
        }
    }

    public void Take(Receipt receipt, TimeSpan transit)
    {
        Count(receipt, 1);
        Process.After(transit, () => _ = WorkAsync(receipt));
    }

    /// <summary>The host is asked to end: what has begun may finish, for as long as its patience lasts.</summary>
    public void Drain()
    {
        _world.History.Count(Incident.Drained);
        _world.History.Add(Process.Name, new Happening.Note("is drained"));
        _stop.Cancel();
        Process.After(Grace, () => _world.Fleet.Ended(this));
        EndIfIdle();
    }

    private async Task WorkAsync(Receipt receipt)
    {
        _world.History.Add(Process.Name, new Happening.Delivered(receipt));
        await _host.RunAsync(receipt);
        Count(receipt, -1);
        KeepPace();
        _world.Fleet.DispatchSoon();
        EndIfIdle();
    }

    private void Count(Receipt receipt, int more) => _ = receipt.Letter.Drives is null ? _busy += more : _driving += more;

    private void EndIfIdle()
    {
        if (_stop.IsCancellationRequested && _busy == 0 && _driving == 0)
        {
            _world.Fleet.Ended(this);
        }
    }

    private async Task PaceAsync()
    {
        CurrentWork.Of = new(null, Stop);
        var (membership, limiters) = (_product.Membership, _product.Limiters);
        while (limiters.All.Any(limiter => limiter.Report() is not null))
        {
            try
            {
                await membership.RunDueAsync(CancellationToken.None);
            }
            catch (Exception defect)
            {
                _world.History.Add(Process.Name, new Happening.Threw(null, defect));
            }

            var now = membership.Now;
            await Task.Delay(TimeSpan.FromMilliseconds(1) + (membership.Next(now) - now), Clock, CancellationToken.None);
        }

        _keepsPace = false;
    }

    private async Task SweepAsync()
    {
        CurrentWork.Of = new(null, Stop);
        while (true)
        {
            await SweepOnceAsync(_product.Sweep);
            await Task.Delay(_world.Fleet.SweepEvery, Clock, CancellationToken.None);
        }
    }

    private async Task SweepOnceAsync(Sweep sweep)
    {
        try
        {
            var report = await sweep.RunAsync(Stop);
            Tell(Incident.SweepPublished, report.Published);
            Tell(Incident.SweepEnded, report.Ended);
        }
        catch (Exception problem) when (problem is OperationCanceledException or TimeoutException or Ledger.LedgerUnavailableException)
        {
            // The next round finds the same work.
        }
        catch (Exception defect)
        {
            _world.History.Add(Process.Name, new Happening.Threw(null, defect));
        }
    }

    private void Tell(Incident incident, int count)
    {
        if (count > 0)
        {
            _world.History.Count(incident);
            _world.History.Add(Process.Name, new Happening.Note($"{incident}: {count}"));
        }
    }
}
