using Ungroup.Jobs;
using Ungroup.Simulation.Story;

namespace Ungroup.Simulation.Invariants.Jobs;

/// <summary>From the write of a cancel on no portion is opened, and no request is made but for the portion that was open.</summary>
internal sealed class CancelsAreObeyed : IInvariant
{
    public string Sentence => "A job that was cancelled, stopped or ended has issued something new.";

    public Line? FirstBreak(IReadOnlyList<Line> lines)
    {
        var ends = new Dictionary<JobKey, int>();
        return JobStories.FirstOf(lines, (jobs, line) =>
        {
            if (line.What is Happening.JobWrote { After: var after })
            {
                var key = after.Request.Key;
                if (ends.TryGetValue(key, out var end))
                {
                    return after.Next > end;
                }

                if (after.Cancel is not null || after.State is JobState.Stopping or JobState.Ended)
                {
                    ends[key] = after.Next;
                }
            }

            return line.What is Happening.Wrote { Before: null, After: { Door: var door, Key: var child } } && door.IsByJob()
                && jobs.Of(child) is { Plan: { } plan, Head: { } head } job && ends.TryGetValue(head.Request.Key, out var last)
                && !plan.Take(last).Any(item => job.ChildOf(item) == child.RequestId);
        });
    }
}
