using Microsoft.Extensions.Options;
using Ungroup.Guardrails;
using Ungroup.Ledger;
using Ungroup.Messages;
using Ungroup.Requests;

namespace Ungroup.Jobs.Driving;

/// <summary>
/// The way in for jobs, whatever door they come by: everything is checked at once, the job is written down, and a message with its name alone
/// is sent. A job that was written and whose message was not sent is found by the sweep, or sent again by whoever repeats it.
/// </summary>
internal sealed class JobDoor(JobReader reader, JobStore jobs, DriverQueue queue, ApprovalRule rule, TimeProvider clock)
{
    /// <param name="delivery">The body and what came beside it.</param>
    /// <param name="longest">The longest body of that door, in bytes.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="submitter">Asks for the job, where that is proven; null where it is not.</param>
    /// <exception cref="LedgerUnavailableException">The ledger does not answer, and nothing was sent.</exception>
    public async Task<JobTaken> TakeAsync(Delivery delivery, int longest, CancellationToken cancellationToken, string? submitter = null) => reader.Read(delivery, longest) switch
    {
        ParsedJob.Accepted { Job: var job } => await SubmitAsync(job, new JobSource(delivery.Queue?.Name, submitter), cancellationToken),
        ParsedJob.Invalid invalid => new JobTaken.Invalid(invalid.JobId, invalid.Account, invalid.Problems),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private Task<JobTaken> SubmitAsync(JobRequest job, JobSource source, CancellationToken cancellationToken)
    {
        var hash = JobHashes.Of(job);
        return SubmitAsync(job, source, known => known.RequestHash == hash, cancellationToken);
    }

    /// <param name="job">Checked.</param>
    /// <param name="source">Where it came from.</param>
    /// <param name="isSame">Whether a job that has this name already is the one that is asked for.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<JobTaken> SubmitAsync(JobRequest job, JobSource source, Func<JobHead, bool> isSame, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var fresh = new JobHead
        {
            Request = job,
            RequestHash = JobHashes.Of(job),
            CreatedAt = now,
            NeedsApproval = rule.NeedsApproval(job),
            Queue = source.Queue,
            Submitter = source.Submitter,
            Turn = new(DriverMessage.IdOf(job.Key), 0, now),
        };
        var (stored, isNew) = await jobs.AddAsync(fresh, cancellationToken);
        if (!isSame(stored.Head))
        {
            return new JobTaken.Conflict(
                job,
                $"`jobId` {job.JobId} belongs to a job first seen {stored.Head.CreatedAt.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'} that says something else; expected a new jobId for a new job.");
        }

        // One that is driven already lets a second message of the same id go.
        return new JobTaken.Accepted(stored.Head, isNew, IsSent: stored.Head.State != JobState.Scheduled || await queue.TrySendAsync(job.Key, stored.Head.Turn, cancellationToken));
    }
}

/// <summary>Which jobs somebody has to approve: those that ask for it, and those that take resources out of a group that is left with approval only.</summary>
internal sealed class ApprovalRule(IOptions<GuardrailOptions> options)
{
    public bool NeedsApproval(JobRequest job) => job.Approval == JobApprovalRule.Required
        || (job.Action == RequestAction.Remove && options.Value.ApprovalGroups.Contains(job.SecurityGroup!.Value, StringComparer.OrdinalIgnoreCase));
}

/// <summary>Where a job came from.</summary>
/// <param name="Queue">The queue of requests, which its requests then go to; null where it came by none.</param>
/// <param name="Submitter">Tenant and object of whoever asked; null where that was not proven.</param>
internal sealed record JobSource(string? Queue, string? Submitter);

/// <summary>The door's answer to a job.</summary>
internal abstract record JobTaken
{
    private JobTaken()
    {
    }

    /// <param name="Job">As it is written down.</param>
    /// <param name="IsNew">Whether it was not there before.</param>
    /// <param name="IsSent">Whether the bus has its message; where it may not have, the sweep wakes the job.</param>
    public sealed record Accepted(JobHead Job, bool IsNew, bool IsSent) : JobTaken
    {
        /// <summary>The event of its end, where the bus has had it.</summary>
        public OutcomeEvent? Ended => Job.Told.HasFlag(JobEvents.Ended) ? JobEvent.Of(Job, JobEvents.Ended) : null;
    }

    public sealed record Invalid(string? JobId, string Account, IReadOnlyList<RequestProblem> Problems) : JobTaken;

    /// <summary>The name is another job's.</summary>
    public sealed record Conflict(JobRequest Job, string Sentence) : JobTaken;
}
