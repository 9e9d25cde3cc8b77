using System.Text.Json;
using Ungroup.Jobs;
using Ungroup.Simulation.Story;

namespace Ungroup.Simulation.Invariants.Jobs;

internal sealed class JobsEndOnce : IInvariant
{
    private const string Ended = "ungroup.job.Ended.v1";

    public string Sentence => "A job that had ended has gone on or ended otherwise, or its end was told before it was durable or as another, or never.";

    public Line? FirstBreak(IReadOnlyList<Line> lines)
    {
        var told = new HashSet<JobKey>();
        return JobStories.FirstOf(lines, (jobs, line) =>
        {
            if (line.What is Happening.EventTaken { Event: { Type: Ended } ended })
            {
                using var document = JsonDocument.Parse(ended.Json);
                var data = document.RootElement.GetProperty("data");
                var key = new JobKey(data.GetProperty("account").GetString()!, data.GetProperty("jobId").GetString()!);
                told.Add(key);
                return jobs[key].Head is not { State: JobState.Ended, EndedAs: { } end } || data.GetProperty("status").GetString() != end.ToString();
            }

            return line.What is Happening.JobWrote { After: var after }
                && ((jobs[after.Request.Key].Head is { State: JobState.Ended } before && !IsSame(before, after))
                    || (after.Told.HasFlag(JobEvents.Ended) && !told.Contains(after.Request.Key)));
        });
    }

    private static bool IsSame(JobHead before, JobHead after) => (before.State, before.EndedAs, before.EndedAt, before.Next, before.Counts.Total, before.Counts.Failures)
        == (after.State, after.EndedAs, after.EndedAt, after.Next, after.Counts.Total, after.Counts.Failures);
}
