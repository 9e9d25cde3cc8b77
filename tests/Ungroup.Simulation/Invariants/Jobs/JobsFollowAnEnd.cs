using Ungroup.Jobs;
using Ungroup.Requests;
using Ungroup.Simulation.Story;

namespace Ungroup.Simulation.Invariants.Jobs;

/// <summary>A job that tries once more, or undoes, is made of one that has ended, once of each kind, and asks for the same or for its opposite.</summary>
internal sealed class JobsFollowAnEnd : IInvariant
{
    public string Sentence => "A job was made of one that had not ended, or for the second time, or asks for something else than that one did.";

    public Line? FirstBreak(IReadOnlyList<Line> lines)
    {
        var made = new HashSet<(string Account, string From, bool Undoes)>();
        return JobStories.FirstOf(lines, (jobs, line) =>
            line.What is Happening.JobWrote { Before: null, After.Request: { MadeFrom: { } from } job }
            && !(made.Add((job.Account, from, job.Action == RequestAction.Restore)) && jobs[new(job.Account, from)].Head is { State: JobState.Ended, Request: var ended } && Follows(job, ended)));
    }

    private static bool Follows(JobRequest job, JobRequest ended) => job.Action == RequestAction.Restore
        ? job.Of == (ended.Of ?? ended.JobId) && !job.DryRun
        : (job.Action, job.Group, job.RegionId, job.Origin, job.DryRun, job.MaxFailures) == (ended.Action, ended.Group, ended.RegionId, ended.Origin, ended.DryRun, ended.MaxFailures);
}
