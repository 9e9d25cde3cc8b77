namespace Ungroup.Jobs;

/// <summary>The job after each step. A driver that is gone after any of them is followed by one that goes on from there.</summary>
internal static class JobMoves
{
    public static JobHead BeginningToPlan(this JobHead job, DateTimeOffset now) => job with { State = JobState.Planning, Planning = new() { BeganAt = now } };

    public static JobHead Planned(this JobHead job, JobPlan plan)
    {
        var planned = job with { Planning = null, Plan = plan };
        return planned with { State = planned.IsForApproval ? JobState.AwaitingApproval : JobState.Running };
    }

    public static JobHead With(this JobHead job, JobEvents told) => job with { Told = job.Told | told };

    public static JobHead With(this JobHead job, Portion opened) => job with { Open = opened, Next = opened.End };

    public static JobHead Issued(this JobHead job, DateTimeOffset now) => job with { Open = job.Open! with { IssuedAt = now } };

    public static JobHead WithClosed(this JobHead job, JobCounts results) => job with
    {
        Open = null,
        Closed = job.Closed + 1,
        Counts = job.Counts.With(results),
    };

    public static JobHead Stopping(this JobHead job, JobEnd end) => job with { State = JobState.Stopping, EndedAs = end };

    /// <param name="job">The job.</param>
    /// <param name="end">How it ends.</param>
    /// <param name="now">When.</param>
    /// <param name="why">A sentence; null where the counts say enough.</param>
    public static JobHead Ending(this JobHead job, JobEnd end, DateTimeOffset now, string? why) => job with
    {
        State = JobState.Ended,
        EndedAs = end,
        EndedAt = now,
        Why = why,
        Planning = null,
    };
}
