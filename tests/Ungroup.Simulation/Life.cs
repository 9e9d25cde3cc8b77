using Ungroup.Simulation.Cloud.Bus;
using Ungroup.Simulation.Invariants;
using Ungroup.Simulation.Plan;
using Ungroup.Simulation.Story;
using Ungroup.Simulation.Time;
using Ungroup.Simulation.Workers;

namespace Ungroup.Simulation;

/// <summary>One seed: a fleet, what is asked of it, what goes wrong, until all has ended; then everything once more.</summary>
internal sealed class Life
{
    private const int MostSteps = 1_000_000;

    // A request has a day, and so has the planning of a job. The next portion of a job has a day of its own, once the last has ended.
    private static readonly TimeSpan LongestWithoutNews = TimeSpan.FromHours(30);

    // Longer than any call, any lease and any lock that anybody still believes in.
    private static readonly TimeSpan Afterwards = TimeSpan.FromMinutes(3);

    private readonly World _world;
    private readonly Scenario _scenario;
    private DateTimeOffset _newest = Schedule.Start;

    private Life(ulong seed, Defect defect)
    {
        _world = new(seed, defect);
        _scenario = new(_world, _world.Chance.Fork());
    }

    public static SeedResult Run(ulong seed, Defect defect = Defect.None)
    {
        // The context that flows with the code of one seed does not flow into the next.
        CurrentWork.Of = null;
        var life = new Life(seed, defect);
        Baton.Carry(life._world.Schedule.Baton);
        life.Live();
        Baton.Carry(null);
        var history = life._world.History;
        return new(seed, history, Invariant.Broken(history), life._world.Schedule.Steps);
    }

    private void Live()
    {
        _scenario.Begin();
        if (RunUntilQuiet())
        {
            RunFor(_world.Broker.Settings.IsDeduplicating ? KnownIds.RemembersFor : Afterwards);
            Replay();
            if (RunUntilQuiet())
            {
                RunFor(Afterwards);
            }
        }

        if (_world.Schedule.LeftItsThread is { } hop)
        {
            _world.History.Add("world", new Happening.Threw(null, hop));
        }
    }

    private void Replay()
    {
        _world.History.Add("world", new Happening.Replay(_world.Store.Keys.ToHashSet()));
        foreach (var request in _scenario.Letters.Select(letter => letter.Request).OfType<Requests.RemovalRequest>().Where(request => request.Action == Requests.RequestAction.Remove))
        {
            _world.Ecs.Others.PutInto(request.Resource.Value, request.SecurityGroup.Value, Incident.JoinedAgain);
        }

        _scenario.Jobs?.Replay();
        foreach (var letter in _scenario.Letters.Where(_ => _world.Chance.Hits(0.7)).ToList())
        {
            _scenario.SendNow(letter);
        }
    }

    private bool IsQuiet => _scenario.IsSent && _world.Broker.Alive == 0 && _world.Store.Unfinished == 0;

    private bool RunUntilQuiet()
    {
        while (!IsQuiet)
        {
            if (IsOut() is { } why)
            {
                _world.History.Add("world", new Happening.NeverEnded(why));
                return false;
            }

            _world.Schedule.RunNext();
        }

        return true;
    }

    private void RunFor(TimeSpan time)
    {
        for (var end = _world.Schedule.Now + time; _world.Schedule.Now < end && _world.Schedule.Steps < MostSteps;)
        {
            _world.Schedule.RunNext();
        }
    }

    private string? IsOut() =>
        _world.Schedule.Now - _newest > LongestWithoutNews && _world.Schedule.Now - (_newest = Newest()) > LongestWithoutNews
            ? $"{_world.Broker.Alive} messages and {_world.Store.Unfinished} requests are left {LongestWithoutNews.TotalHours} hours after the last was new"
        : _world.Schedule.Steps > MostSteps ? $"{MostSteps:N0} steps were taken, and it is only {_world.Schedule.Now - Schedule.Start} later"
        : null;

    /// <summary>When something was last asked that was not known before: by a message, as a request or as a job.</summary>
    private DateTimeOffset Newest() => _world.History.Lines.Last(line => line.What is Happening.Sent or Happening.Wrote { Before: null } or Happening.JobWrote { Before: null }).At;
}

/// <summary>The end of one seed.</summary>
internal sealed record SeedResult(ulong Seed, History History, IReadOnlyList<Breach> Breaches, int Steps)
{
    /// <summary>The first invariant that failed.</summary>
    public Breach? Breach => Breaches.Count > 0 ? Breaches[0] : null;
}
