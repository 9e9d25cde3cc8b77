using Ungroup.Jobs;
using Ungroup.Jobs.Driving;
using Ungroup.Simulation.Time;
using Ungroup.Simulation.Workers;

namespace Ungroup.Simulation.Plan;

/// <summary>
/// Whoever asks for a job of what failed, or to undo what a job has changed: before it has ended, when it has, several at once, with force or
/// without, and of what came of that.
/// </summary>
internal sealed class FollowUpPlans(World world, Chance chance)
{
    // Each is one job more, as long as the first.
    private const int MostFollowed = 3;

    private static readonly TimeSpan Latest = TimeSpan.FromHours(1);

    private readonly Conversations _people = new(world, chance.Fork());
    private readonly HashSet<JobKey> _ended = [];
    private readonly List<FollowUp> _made = [];
    private int _followed;
    private int _asking;

    /// <summary>Everybody who wanted to has asked, and was answered.</summary>
    public bool IsAsked => _asking == 0;

    /// <summary>Nobody knows yet how it goes, and somebody asks.</summary>
    public void Begin(JobDraft plan)
    {
        if (chance.Hits(0.3))
        {
            Ask(plan.Job.Key, plan.Begins);
        }
    }

    public void Ended(JobKey job)
    {
        if (_ended.Add(job) && _followed < MostFollowed && world.Schedule.Now - Schedule.Start < Latest && chance.Hits(0.5))
        {
            _followed++;
            Ask(job, TimeSpan.Zero);
        }
    }

    /// <summary>Once everything has ended: each is the job that it was.</summary>
    public void Replay() => _made.ForEach(made => _people.Ask(made.By, made.Job, jobs => AskAsync(jobs, made)));

    private void Ask(JobKey job, TimeSpan after)
    {
        var restores = chance.Hits(0.5);
        for (var times = chance.Pick(1, 1, 2, 3); times > 0; times--)
        {
            var asked = new FollowUp(job, chance.Hits(0.8) ? restores : !restores, chance.Pick("olga", "ops"), chance.Hits(0.4));
            _asking++;
            world.Schedule.After(
                after + chance.Seconds(0, chance.Hits(0.5) ? 2 : 300),
                () => _people.Ask(asked.By, job, async jobs => await AskAsync(jobs, asked), () => _asking--));
        }
    }

    private async Task<string> AskAsync(JobParts jobs, FollowUp asked)
    {
        var by = new AskedBy(asked.By, null, null, asked.Force);
        var answer = await (asked.Restores ? jobs.FollowUps.RestoreAsync(asked.Job, by, default) : jobs.FollowUps.RetryAsync(asked.Job, by, default));
        if (answer is JobAnswer.Made && !_made.Contains(asked))
        {
            _made.Add(asked);
        }

        return $"{(asked.Restores ? "restore" : "retry")}{(asked.Force ? " by force" : "")}: "
            + (answer switch
            {
                JobAnswer.Made { Job.Job.Request.Key: var made } => $"{made}",
                JobAnswer.Refused refused => $"Refused {refused.Code}",
                _ => answer.GetType().Name,
            });
    }

    /// <param name="Job">The one that has ended, or is thought to have.</param>
    /// <param name="Restores">What it has changed, or tries once more what it has not done.</param>
    /// <param name="By">Who asks.</param>
    /// <param name="Force">Says nothing to a job that tries once more.</param>
    private sealed record FollowUp(JobKey Job, bool Restores, string By, bool Force);
}
