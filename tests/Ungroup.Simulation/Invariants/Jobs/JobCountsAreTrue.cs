using Ungroup.Jobs;
using Ungroup.Simulation.Story;

namespace Ungroup.Simulation.Invariants.Jobs;

/// <summary>A job's counts are those of its requests' outcomes, as their records have them, and what was never issued.</summary>
internal sealed class JobCountsAreTrue : IInvariant
{
    public string Sentence => "A job has ended, and its counts are not those of its requests, or one of them has no outcome.";

    public Line? FirstBreak(IReadOnlyList<Line> lines) => JobStories.FirstOf(lines, (jobs, line) =>
        line.What is Happening.JobWrote { Before.State: not JobState.Ended, After: { State: JobState.Ended, Plan: not null } ended } && jobs[ended.Request.Key] is { Plan: { } plan } job
        && !IsTrue(ended, [.. plan.Take(ended.Next).Select(job.ResultOf)], plan.Count));

    private static bool IsTrue(JobHead ended, List<ChildResult?> results, int planned) =>
        results.TrueForAll(result => result is not null)
        && ended.Counts.Total + ended.NotStarted == planned
        && JobCounts.Of([.. results.OfType<ChildResult>()]) is var counts
        && counts.Failures == ended.Counts.Failures
        && counts.ByStatus.Count == ended.Counts.ByStatus.Count
        && counts.ByStatus.All(one => ended.Counts.ByStatus.GetValueOrDefault(one.Key) == one.Value);
}
