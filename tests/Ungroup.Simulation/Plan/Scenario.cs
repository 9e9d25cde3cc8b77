using Ungroup.Simulation.Invariants;
using Ungroup.Simulation.Story;
using Ungroup.Simulation.Time;
using Ungroup.Simulation.Workers;

namespace Ungroup.Simulation.Plan;

/// <summary>The requests of one seed, by whom and when, and what happens around the fleet meanwhile.</summary>
internal sealed class Scenario(World world, Chance chance)
{
    private const int QuotaOfContainments = 20;
    private const int MostRefusedOfABacklog = 20;

    private readonly List<Letter> _letters = [];
    private int _unsent;

    /// <summary>Everything that senders had in mind was sent.</summary>
    public bool IsSent => _unsent == 0 && Jobs is not { IsSent: false };

    /// <summary>Null in a seed without jobs.</summary>
    public JobPlans? Jobs { get; private set; }

    public IReadOnlyList<Letter> Letters => _letters;

    public void Begin()
    {
        HashSet<string> isProtected = [Ids.ProtectedGroup];
        if (world.Jobs is { } jobs)
        {
            Jobs = new(world, jobs);
            Send(Jobs.Begin(isProtected).ToList());
        }

        var requests = new RequestPlans(world, chance.Fork());
        var lasting = world.HasBacklog ? QuotaPlan.Of(chance.Fork()) : null;
        var backlog = lasting?.LimitAt(Schedule.Start) * chance.Between(4, 8);
        for (var number = 1; number <= (backlog ?? chance.Between(3, 12)); number++)
        {
            Send(requests.Next(number, isProtected));
        }

        var machines = chance.Pick(1, 2, 2, 3, 3, 4, 8);
        for (var machine = 1; machine <= machines; machine++)
        {
            world.Fleet.Add($"w{machine}", World.Skew(chance), isProtected);
        }

        world.Ecs.Quota = chance.Pick(2, 4, 10, int.MaxValue, int.MaxValue, int.MaxValue);
        if (lasting is not null)
        {
            (world.Ecs.Lasting, world.Ecs.Quota) = (lasting, int.MaxValue);
            world.History.Add("world", new Happening.Note($"every API has {lasting}"));
        }

        // One look at a host is several calls; a quota that has not room for them together keeps nobody's containment from its deadline.
        world.Ecs.Quota = Math.Max(world.Ecs.Quota, world.Containments is null && world.Jobs is null ? 0 : QuotaOfContainments);

        PlanDrains();
        PlanClockSteps();
        PlanClockJumps();
        PlanDenial();
        PlanDenialsOfGroups(requests);
        PlanGuardrail(isProtected, requests);
        PlanRefusedEvents();
        PlanContainments();
        if (world.Stops is { } stops)
        {
            new HoldPlans(world, stops).Begin(requests);
        }

        if (world.Tags is { } tags)
        {
            new TagPlans(world, tags).Begin();
        }

        world.Store.Decided = JoinAgain;
        world.Schedule.At(world.Faults.EndsAt, () => world.History.Add("world", new Happening.FaultsOver()));
    }

    /// <summary>Sends a message now and remembers it for the end.</summary>
    public void SendNow(Letter letter)
    {
        world.History.Add("sender", new Happening.Sent(letter));
        world.Broker.Send(letter);
    }

    // A late call would be seen now: as a second removal. Where another request is about the same membership, which of
    // them has removed it cannot be told.
    private void JoinAgain(Ledger.LedgerRecord record)
    {
        if (record.Request is { Action: Requests.RequestAction.Remove } request && chance.Hits(0.4)
            && _letters.Where(letter => letter.Request?.Resource == request.Resource).Select(letter => letter.Key).Distinct().Count() == 1)
        {
            world.Schedule.After(chance.Seconds(0, 60), () => world.Ecs.Others.PutInto(request.Resource.Value, request.SecurityGroup.Value, Incident.JoinedAgain));
        }
    }

    private void Send(IEnumerable<Posting> postings)
    {
        foreach (var posting in postings)
        {
            _letters.Add(posting.Letter);
            _unsent++;
            world.Schedule.After(posting.After, () =>
            {
                _unsent--;
                SendNow(posting.Letter);
                if (posting.IsDuplicate)
                {
                    world.History.Count(Incident.DuplicateSent);
                }
            });
        }
    }

    private void PlanDrains() => Sometimes(0.4, chance.Between(1, 3), () => world.Fleet.Any()?.Drain());

    private void PlanClockSteps() => Sometimes(0.2, 1, () =>
    {
        if (world.Fleet.Any() is { } worker)
        {
            worker.Machine.Skew = worker.Clock.Skew = World.Skew(chance);
            world.History.Count(Incident.ClockStepped);
            world.History.Add(worker.Process.Name, new Happening.Note($"has its clock set, it is now off by {worker.Clock.Skew:c}"));
        }
    });

    private void PlanClockJumps() => Sometimes(0.2, 1, () =>
    {
        if (world.Fleet.Any() is { } worker)
        {
            var jump = chance.Pick(TimeSpan.FromHours(1), TimeSpan.FromHours(1), TimeSpan.FromHours(-1));
            worker.Clock.Skew += jump;
            world.History.Count(Incident.ClockJumped);
            world.History.Add(worker.Process.Name, new Happening.Note($"has its clock jump by {jump:c} for a while"));
            world.Schedule.After(chance.Seconds(5, 60), () => worker.Clock.Skew -= jump);
        }
    });

    private void PlanDenial() => Sometimes(0.15, 1, () =>
    {
        var account = Ids.AccountNames[chance.Below(Ids.AccountNames.Count)];
        world.Ecs.Deny(account, isDenied: true);
        world.History.Add("ecs", new Happening.Denied(account, Group: null));
        world.Schedule.After(chance.Seconds(5, 600), () => world.Ecs.Deny(account, isDenied: false));
    });

    // A policy lists groups, and some are not on it, while what is about them is asked for.
    private void PlanDenialsOfGroups(RequestPlans requests)
    {
        for (var groups = chance.Hits(0.25) ? chance.Between(1, 4) : 0; groups > 0; groups--)
        {
            if (requests.AnyGroup() is var (account, group))
            {
                world.Ecs.Deny(account, group, isDenied: true);
                world.History.Add("ecs", new Happening.Denied(account, group));
                world.Schedule.After(chance.Seconds(60, 1200), () => world.Ecs.Deny(account, group, isDenied: false));
            }
        }
    }

    // Processes that start from then on protect one resource more.
    private void PlanGuardrail(IReadOnlySet<string> isProtected, RequestPlans requests) => Sometimes(0.2, 1, () =>
    {
        if (requests.AnyResource() is { } resource && world.Fleet.Any() is { } worker)
        {
            worker.Machine.Protected = new HashSet<string>(isProtected) { resource };
            world.History.Count(Incident.GuardrailChanged);
            worker.Drain();
        }
    });

    // The person who mends it comes long after everything else is well again. Of a backlog, few: a round goes behind no more than some
    // twenty of them, and rounds are minutes apart here.
    private void PlanRefusedEvents()
    {
        if (chance.Hits(0.3))
        {
            var mended = world.Faults.EndsAt + chance.Seconds(900, 3600);
            HashSet<string> some = new(StringComparer.Ordinal);
            world.Bus.Refuses = told => !told.IsRejection() && told.Id[0] < (world.HasBacklog ? '1' : '8') && world.Schedule.Now < mended
                && (!world.HasBacklog || some.Contains(told.Id) || (some.Count < MostRefusedOfABacklog && some.Add(told.Id)));
        }
    }

    private void PlanContainments()
    {
        if (world.Containments is { } plans)
        {
            for (var hosts = plans.Between(1, 3); hosts > 0; hosts--)
            {
                Send(new ContainmentPlans(world, plans.Fork()).Next(hosts));
            }
        }
    }

    private void Sometimes(double probability, int times, Action action)
    {
        if (!chance.Hits(probability))
        {
            return;
        }

        for (var time = 0; time < times; time++)
        {
            world.Schedule.After(chance.Between(TimeSpan.FromSeconds(1), world.Faults.EndsAt - Schedule.Start), action);
        }
    }
}

/// <summary>A message, and when it is sent.</summary>
internal sealed record Posting(Letter Letter, TimeSpan After, bool IsDuplicate = false);
