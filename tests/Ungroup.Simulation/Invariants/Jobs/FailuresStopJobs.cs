using Ungroup.Simulation.Story;

namespace Ungroup.Simulation.Invariants.Jobs;

/// <summary>No more than may fail, and those of the portion that was open then.</summary>
internal sealed class FailuresStopJobs : IInvariant
{
    public string Sentence => "A job has opened a portion although more of its requests had failed than may.";

    public Line? FirstBreak(IReadOnlyList<Line> lines) => JobStories.FirstOf(lines, (jobs, line) =>
        line.What is Happening.JobWrote { After: { Open: { } open, Plan: { } planned } after } && jobs[after.Request.Key] is { Plan: { } plan, Head: { } before } job
        && before.Next < after.Next
        && plan.Take(open.First).Count(item => job.ResultOf(item) is { IsFailure: true }) > planned.MaxFailures);
}
