using System.Text.Json;
using Ungroup.Jobs;
using Ungroup.Jobs.Driving;
using Ungroup.Messages;
using Ungroup.Simulation.Invariants;
using Ungroup.Simulation.Story;
using Ungroup.Simulation.Time;
using Ungroup.Simulation.Workers;

namespace Ungroup.Simulation.Plan;

/// <summary>Jobs, and the people around them: who submits them again or under a name that is taken, who approves them, and who cancels them.</summary>
internal sealed class JobPlans(World world, Chance chance)
{
    private readonly Conversations _people = new(world, chance.Fork());
    private readonly FollowUpPlans _followUps = new(world, chance.Fork());
    private readonly List<JobDraft> _plans = [];
    private readonly HashSet<JobKey> _asked = [];
    private int _unsent;
    private int _letters;

    /// <summary>Everything that was to be submitted is, or was given up.</summary>
    public bool IsSent => _unsent == 0 && _followUps.IsAsked;

    /// <summary>Single requests about the same resources, and about the group that is left with approval only.</summary>
    public IEnumerable<Posting> Begin(HashSet<string> isProtected)
    {
        world.Bus.Told = Told;
        for (var number = chance.Pick(1, 1, 1, 2); number > 0; number--)
        {
            var plan = new JobDraft(number, world, chance.Fork());
            _plans.Add(plan);
            if (chance.Hits(0.3))
            {
                isProtected.Add(plan.AnyResource());
            }

            Submit(plan);
            PlanCancel(plan);
            _followUps.Begin(plan);
            PlanOthers(plan);
            if (chance.Hits(0.3))
            {
                yield return Single(plan, number);
            }
        }
    }

    /// <summary>Once everything has ended: nothing of it may do anything any more.</summary>
    public void Replay()
    {
        foreach (var plan in _plans)
        {
            plan.Job.Resources?.ToList().ForEach(resource => world.Ecs.Others.PutInto(resource, plan.Group, Incident.JoinedAgain));
            Submit(plan, plan.Body, TimeSpan.Zero, isPatient: true);
        }

        _followUps.Replay();
        foreach (var letter in world.History.Lines.Select(line => line.What).OfType<Happening.Issued>().Select(issued => issued.Letter).DistinctBy(letter => letter.MessageId).Where(_ => chance.Hits(0.7)).ToList())
        {
            world.Broker.Send(letter);
        }
    }

    private void Submit(JobDraft plan)
    {
        Submit(plan, plan.Body, plan.Begins, isPatient: chance.Hits(0.85));
        for (var again = chance.Pick(0, 0, 1, 2); again > 0; again--)
        {
            Submit(plan, plan.Body, plan.Begins + chance.Seconds(0, chance.Hits(0.5) ? 1 : 600), isPatient: true);
        }

        if (chance.Hits(0.1))
        {
            Submit(plan, plan.Contradiction(), plan.Begins + chance.Seconds(-plan.Begins.TotalSeconds, 100), isPatient: true);
        }

        if (chance.Hits(0.04))
        {
            Submit(plan, plan.Named($"{plan.Job.JobId}:{chance.Pick("retry", "restore")}-1"), plan.Begins + chance.Seconds(0, 100), isPatient: true);
        }
    }

    private void Submit(JobDraft plan, byte[] body, TimeSpan after, bool isPatient)
    {
        _unsent++;
        var byQueue = chance.Hits(0.4);
        var delivery = new Delivery { MessageId = "m-door", Body = body, ContentType = "application/json", EnqueuedAt = Schedule.Start };
        world.Schedule.After(after, () =>
        {
            var job = JobDraft.Read(body);
            world.History.Add("sender", new Happening.JobAsked(job));
            if (byQueue)
            {
                _unsent--;
                var letter = new Letter($"m-{job.JobId}-{++_letters}", body);
                world.History.Add("sender", new Happening.Sent(letter));
                world.Broker.Send(letter);
                return;
            }

            _people.Ask("sender", job.Key, Door, () => _unsent--, mostTries: isPatient ? int.MaxValue : 1);
        });

        async Task<string> Door(JobParts jobs) => (await jobs.Door.TakeAsync(delivery, JobReader.LongestBody, default)).GetType().Name;
    }

    private void PlanCancel(JobDraft plan)
    {
        for (var times = chance.Hits(0.3) ? chance.Pick(1, 1, 2) : 0; times > 0; times--)
        {
            world.Schedule.After(plan.Begins + chance.Seconds(0, chance.Hits(0.5) ? 20 : 300), () => _people.Ask("operator", plan.Job.Key, CancelAsync));
        }

        async Task<string> CancelAsync(JobParts jobs) => Said(await jobs.Decisions.CancelAsync(plan.Job.Key, "ops", "not this one", default));
    }

    private void PlanOthers(JobDraft plan)
    {
        for (var number = chance.Pick(0, 0, 2, 6); number > 0; number--)
        {
            var (resource, joins) = (plan.AnyResource(), chance.Hits(0.5));
            world.Schedule.After(plan.Begins + chance.Seconds(0, chance.Hits(0.5) ? 3 : 120), () =>
            {
                if (joins)
                {
                    world.Ecs.Others.PutInto(resource, plan.Group, Incident.JoinedOtherwise);
                }
                else
                {
                    world.Ecs.Others.TakeOut(resource, plan.Group);
                }
            });
        }
    }

    private Posting Single(JobDraft plan, int number)
    {
        var resource = plan.AnyResource();
        var members = new Dictionary<string, object>
        {
            // Sometimes the name that the job has for its own request.
            ["requestId"] = chance.Hits(0.3) ? JobRequest.ChildId(plan.Job.JobId, resource) : $"beside-{number}",
            [Cloud.Ecs.SimulatedResource.IsInstanceId(resource) ? "instanceId" : "networkInterfaceId"] = resource,
            ["securityGroupId"] = plan.Group,
            ["account"] = plan.Account,
            ["regionId"] = Ids.RegionOf(plan.Account),
            ["reason"] = "beside the job",
            ["expiresAt"] = "2026-03-01T15:00:00Z",
        };
        return new(new($"m-beside-{number}", JsonSerializer.SerializeToUtf8Bytes(members)), plan.Begins + chance.Seconds(0, 60));
    }

    private void Told(OutcomeEvent told)
    {
        if (!told.IsOfJob())
        {
            return;
        }

        using var document = JsonDocument.Parse(told.Json);
        var data = document.RootElement.GetProperty("data");
        var key = new JobKey(data.GetProperty("account").GetString()!, data.GetProperty("jobId").GetString()!);
        switch (told.Type)
        {
            case "ungroup.job.AwaitingApproval.v1" when _asked.Add(key):
                PlanDecisions(key, data.GetProperty("plan").GetString()!);
                break;

            case "ungroup.job.Ended.v1":
                _followUps.Ended(key);
                break;

            default:
                break;
        }
    }

    // In time or late, once or twice, with one mind or with two, about this plan or another, and by somebody who may not.
    private void PlanDecisions(JobKey key, string plan)
    {
        foreach (var (by, approves, about) in ((string, bool, string)[])(chance.Below(8) switch
        {
            0 => [("ann", false, plan)],
            1 => [("ann", true, plan), ("bob", true, plan)],
            2 => [("ann", true, plan), ("bob", false, plan)],
            3 => [("ann", true, $"sha256:{new string('0', 64)}"), ("ann", true, plan)],
            4 => [("Inventory", true, plan), ("ann", true, plan)],

            // What was made of another has days until it is too late, and a seed has one.
            5 when !key.JobId.Contains(':', StringComparison.Ordinal) => [],
            _ => [("ann", true, plan)],
        }))
        {
            world.Schedule.After(
                chance.Hits(0.5) ? chance.Seconds(0, 5) : chance.Seconds(0, chance.Hits(0.1) ? 3 * 3600 : 600),
                () => _people.Ask(by, key, jobs => DecideAsync(jobs, by, approves, about)));
        }

        async Task<string> DecideAsync(JobParts jobs, string by, bool approves, string about) =>
            Said(await jobs.Decisions.DecideAsync(key, new Approval(about, approves, new(by, world.Schedule.Now), "simulated"), default));
    }

    private static string Said(JobAnswer answer) => answer is JobAnswer.Refused refused ? $"Refused {refused.Code}" : answer.GetType().Name;
}
