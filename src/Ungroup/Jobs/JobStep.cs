using Ungroup.Ledger;
using Ungroup.Time;

namespace Ungroup.Jobs;

/// <summary>The next step of a driver for a job: decided here, carried out there.</summary>
internal abstract record JobStep
{
    public static readonly TimeSpan LongestApproval = TimeSpan.FromDays(3);

    public static readonly TimeSpan LongestUntouched = TimeSpan.FromMinutes(10);

    private JobStep()
    {
    }

    /// <summary>There is nothing to do before an instant; null: before somebody's request has ended, soon.</summary>
    public sealed record Wait(DateTimeOffset? Until) : JobStep;

    public sealed record BeginPlanning : JobStep;

    /// <summary>Read one more page.</summary>
    public sealed record Plan : JobStep;

    /// <summary>Publish an event, and note that the bus has it.</summary>
    public sealed record Tell(JobEvents Event) : JobStep;

    /// <summary>Note which resources are next, before any of their requests is sent.</summary>
    public sealed record Open(Portion Portion) : JobStep;

    /// <summary>Send the requests of the open portion, all of them: some may be on the queue already.</summary>
    public sealed record Issue(Portion Portion) : JobStep;

    /// <summary>All of the open portion have ended: add them up.</summary>
    public sealed record Close(Portion Portion) : JobStep;

    /// <summary>Issue nothing more, and let what was issued end.</summary>
    public sealed record Stop(JobEnd As) : JobStep;

    public sealed record End(JobEnd As) : JobStep;

    /// <summary>All is done and told: the message goes.</summary>
    public sealed record Rest : JobStep;

    /// <param name="job">As it was read.</param>
    /// <param name="open">The open portion as it is known; null where none is open, or it is not issued.</param>
    /// <param name="now">Now.</param>
    public static JobStep Of(JobHead job, PortionView? open, DateTimeOffset now)
    {
        if (job.State == JobState.Ended)
        {
            return job.Told.HasFlag(JobEvents.Ended) ? new Rest() : new Tell(JobEvents.Ended);
        }

        if (job.Plan is not null && !job.Told.HasFlag(JobEvents.Planned))
        {
            return new Tell(JobEvents.Planned);
        }

        if (job.Open is { } portion)
        {
            // Some of its requests may be on the queue, and only where all are is it known which. A message that nobody has taken up may be lost.
            return portion.IssuedAt is not { } issuedAt || (open?.Untouched > 0 && now - issuedAt > LongestUntouched) ? new Issue(portion)
                : open is null ? new Wait(null)
                : open.Running == 0 ? new Close(portion)
                : job.State == JobState.Running && WhyEnd(job, open.Counts.Failures, now) is { } early ? new Stop(early)
                : new Wait(null);
        }

        // Why it was stopped stays, whatever the clock says by now.
        if ((job.State == JobState.Stopping ? job.EndedAs : WhyEnd(job, failures: 0, now)) is { } end)
        {
            return new End(end);
        }

        return job.State switch
        {
            JobState.Scheduled when job.Request.NotBefore > now => new Wait(Earlier(job.Request.NotBefore.Value, job.Request.ExpiresAt)),
            JobState.Scheduled => new BeginPlanning(),
            JobState.Planning => new Plan(),
            JobState.AwaitingApproval when !job.Told.HasFlag(JobEvents.AwaitingApproval) => new Tell(JobEvents.AwaitingApproval),
            JobState.AwaitingApproval => new Wait(ExpiryOf(job)),
            _ when job.NotStarted == 0 => new End(JobEnd.Completed),
            _ => new Open(new(job.Closed, job.Next, Math.Min(Portion.SizeOf(job.Closed), job.NotStarted))),
        };
    }

    /// <summary>When the job ends with whatever is not issued by then; null where it may take its time.</summary>
    public static DateTimeOffset? ExpiryOf(JobHead job) => job.State == JobState.AwaitingApproval ? ApprovalExpiryOf(job) : job.Request.ExpiresAt;

    /// <summary>Until when its plan may be approved.</summary>
    public static DateTimeOffset ApprovalExpiryOf(JobHead job) => Earlier(job.Plan!.PlannedAt + LongestApproval, job.Request.ExpiresAt);

    // Where nothing is left undone, there is nothing to stop.
    private static JobEnd? WhyEnd(JobHead job, int failures, DateTimeOffset now) =>
        job.Plan is not null && job.NotStarted == 0 ? null
        : job.Cancel is not null ? JobEnd.Cancelled
        : job.Approval is { IsApproved: false } ? JobEnd.Rejected
        : job.Plan is { } plan && job.Counts.Failures + failures > plan.MaxFailures ? JobEnd.Stopped
        : ExpiryOf(job) <= now ? JobEnd.Expired
        : null;

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset? other) => other is { } given ? DateTimeOffset.Earlier(one, given) : one;
}

/// <summary>The requests of an issued portion so far.</summary>
/// <param name="Running">How many have not ended.</param>
/// <param name="Counts">The others.</param>
/// <param name="Untouched">How many of those that run nobody has taken up yet.</param>
internal sealed record PortionView(int Running, JobCounts Counts, int Untouched = 0)
{
    /// <summary>The reasons of those that wait, each once; the one of most of them first.</summary>
    public IReadOnlyList<WaitKind> Waits { get; init; } = [];
}

/// <summary>Requests that wait for the same thing.</summary>
/// <param name="Count">How many.</param>
/// <param name="Sentence">Why, of the first of them.</param>
internal sealed record WaitKind(int Count, string Sentence)
{
    public static IReadOnlyList<WaitKind> Of(IEnumerable<WaitReason> reasons) =>
        [.. reasons.GroupBy(reason => reason.For, (_, same) => same.ToList()).Select(same => new WaitKind(same.Count, same[0].Sentence)).OrderByDescending(kind => kind.Count)];
}
