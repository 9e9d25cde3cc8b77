using Ungroup.Jobs;
using Ungroup.Messages;
using Ungroup.Requests;

namespace Ungroup.Simulation.Invariants.Jobs;

/// <summary>What jobs have to be about that were made from others, by what those came to.</summary>
/// <param name="jobs">As they are now.</param>
/// <param name="listed">The resources of a job that somebody has written; null where it selects.</param>
internal sealed class MadeJobs(JobStories jobs, Func<JobHead, IReadOnlyList<string>?> listed)
{
    /// <summary>In the order of the plan; null where the job selects.</summary>
    public IReadOnlyList<string>? ResourcesOf(JobHead job)
    {
        if (job.Request.MadeFrom is not { } name)
        {
            return listed(job);
        }

        var from = jobs[new(job.Request.Account, name)];
        return from.Plan is null ? ResourcesOf(from.Head!) : [.. from.Plan.Where((item, at) => IsFor(job.Request.Action, from, item, isIssued: at < from.Head!.Next)).Select(item => item.Resource)];
    }

    private static bool IsFor(RequestAction made, JobStory from, PlanItem item, bool isIssued)
    {
        var result = from.ResultOf(item);
        var isUndone = !isIssued || result is { Status: "Failed" or "Expired" or "Rejected" or "PartlyContained" or "PartlyRestored" };
        return made != RequestAction.Restore ? isUndone
            : from.Head!.Request.Action == RequestAction.Restore ? isUndone || result is { Status: nameof(OutcomeStatus.Refused), Code: not "NothingToRestore" }
            : isIssued && result is { Status: nameof(OutcomeStatus.Removed) or nameof(OutcomeStatus.PartlyContained) } or { Status: nameof(OutcomeStatus.Contained), AlreadyContained: not true };
    }
}
