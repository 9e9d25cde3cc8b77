namespace Ungroup.Benchmarks.Pace.Worlds;

/// <summary>One worker: it receives what its pacer has room for, calls when it may, and settles.</summary>
internal sealed class Instance(int number, IPacer pacer, World world)
{
    private readonly HashSet<Job> _hand = [];
    private DateTimeOffset? _tickAt;
    private bool _looksAgain;

    /// <summary>The messages that it holds.</summary>
    public IReadOnlyCollection<Job> Hand => _hand;

    /// <summary>Takes messages while it has room. It looks again soon at those that it has no room for now, since room may come with time.</summary>
    public void Receive()
    {
        var now = world.Agenda.Now;
        while (_hand.Count < Briefing.Concurrency && _hand.Count < pacer.Room(now) && world.Queue.TryReceive(now, out var job))
        {
            _hand.Add(job);
            Ask(job);
        }

        if (_hand.Count < Briefing.Concurrency && !_looksAgain && world.Queue.HasOne(now))
        {
            _looksAgain = true;
            world.Agenda.After(World.Look, () =>
            {
                _looksAgain = false;
                Receive();
            });
        }

        PlanTick();
    }

    private void Ask(Job job)
    {
        var now = world.Agenda.Now;
        var permit = pacer.Ask(job, now);
        switch (permit.What)
        {
            case Permit.Kind.Go:
                Send(job);
                break;
            case Permit.Kind.Wait:
                AskAgain(job, permit.Until);
                break;
            default:
                Postpone(job, permit.Until);
                break;
        }
    }

    private void AskAgain(Job job, DateTimeOffset until) => world.Agenda.At(world.Soonest(until), () =>
    {
        Ask(job);
        PlanTick();
    });

    private void Send(Job job)
    {
        var sentAt = world.Agenda.Now;
        var latency = world.Latency();
        job.Attempts++;
        world.Agenda.After(latency / 2, () =>
        {
            var arrivedAt = world.Agenda.Now;
            var served = world.Quota.Take(arrivedAt);
            var hint = served || !world.Hints ? (TimeSpan?)null : world.Quota.Hint(arrivedAt);
            world.Log.Add(new Call(number, sentAt, arrivedAt, served));
            world.Agenda.At(sentAt + latency, () => Hear(job, sentAt, !served, hint));
        });
    }

    private void Hear(Job job, DateTimeOffset sentAt, bool refused, TimeSpan? hint)
    {
        var after = pacer.Told(job, sentAt, world.Agenda.Now, refused, hint);
        if ((after.What == After.Kind.Done) == refused)
        {
            throw new InvalidOperationException($"A call was {(refused ? "refused" : "served")}, and the pacer said {after.What}.");
        }

        switch (after.What)
        {
            case After.Kind.Ask:
                AskAgain(job, after.Until);
                break;
            case After.Kind.Postpone:
                Postpone(job, after.Until);
                break;
            default:
                Settle(job, () => world.End(outOfRetries: refused));
                break;
        }

        PlanTick();
    }

    private void Postpone(Job job, DateTimeOffset until) => Settle(job, () => world.Postpone(job, until));

    /// <summary>A message is in hand until the broker has heard what becomes of it.</summary>
    private void Settle(Job job, Action settled) => world.Agenda.After(World.Broker, () =>
    {
        _hand.Remove(job);
        world.Log.Add(world.Agenda.Now - job.ReceivedAt);
        settled();
        Receive();
    });

    private void PlanTick()
    {
        if (pacer.Next is not { } next || next == _tickAt)
        {
            return;
        }

        _tickAt = next;
        world.Agenda.At(next > world.Agenda.Now ? next : world.Agenda.Now, () =>
        {
            // The pacer may have changed its mind since; then another tick is planned.
            if (_tickAt == next && pacer.Next == next)
            {
                _tickAt = null;
                pacer.Tick(world.Agenda.Now);
                if (pacer.Next <= world.Agenda.Now)
                {
                    throw new InvalidOperationException($"It is {world.Agenda.Now:O}, and after its tick the pacer wants one at {pacer.Next:O}.");
                }

                Receive();
            }
        });
    }
}
