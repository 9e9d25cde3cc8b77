using Ungroup.Ledger;
using Ungroup.Messages;
using Ungroup.Requests;

namespace Ungroup.Jobs.Driving;

/// <summary>Decisions of people about a job. Each decision is one conditional write, which names the message that drives the job next, and wins or finds another.</summary>
internal sealed class JobDecisions(JobStore jobs, DriverQueue queue, TimeProvider clock)
{
    private const int MostTries = 20;

    /// <summary>Nothing more is issued; what is under way ends.</summary>
    public Task<JobAnswer> CancelAsync(JobKey key, string by, string? reason, CancellationToken cancellationToken) => DecideAsync(
        key,
        "~cancel",
        job => job.Head is { Cancel: not null } or { State: JobState.Ended, EndedAs: JobEnd.Cancelled } ? new JobAnswer.Done(job.Head)
            : job.Head.State == JobState.Ended ? new JobAnswer.Refused("Ended", $"Job {key.JobId} has ended: {job.Head.EndedAs}.")
            : null,
        head => head with { Cancel = new(by, clock.GetUtcNow(), reason) },
        cancellationToken);

    /// <summary>Approves or rejects a plan: the whole hash, once, before its time is over.</summary>
    public Task<JobAnswer> DecideAsync(JobKey key, Approval approval, CancellationToken cancellationToken) => DecideAsync(
        key,
        "~approval",
        job => Answer(job, approval),
        head => approval.IsApproved ? head with { Approval = approval, State = JobState.Running } : head with { Approval = approval },
        cancellationToken);

    private static JobAnswer? Answer(StoredJob stored, Approval approval)
    {
        var (job, id) = (stored.Head, stored.Head.Request.JobId);
        return job.Plan is null ? new JobAnswer.Refused("NotPlanned", $"Job {id} has no plan {(job.State == JobState.Ended ? $"and has ended: {job.EndedAs}" : "yet")}.")
            : job.Plan.Hash != approval.Plan ? new JobAnswer.Refused("OtherPlan", $"The plan of job {id} is {job.Plan.Hash}, and the decision is about {approval.Plan}; look at the plan that there is.")
            : IsSame(job.Request.RequestedBy, approval.Decision.By) || (job.Submitter is not null && job.Submitter == approval.Subject) ? new JobAnswer.Refused("OwnJob", $"Job {id} was requested by {Shown.Quoted(approval.Decision.By)} and has to be decided by somebody else.")
            : job.Approval is { } first ? first.IsApproved == approval.IsApproved ? new JobAnswer.Done(job)
                : new JobAnswer.Refused("Decided", $"{first.Decision.By} has {(first.IsApproved ? "approved" : "rejected")} the plan of job {id} already.")
            : job.State == JobState.Ended ? new JobAnswer.Refused("Ended", $"Job {id} has ended: {job.EndedAs}.")
            : job.Cancel is not null ? new JobAnswer.Refused("Ended", $"Job {id} is cancelled.")
            : job.State != JobState.AwaitingApproval ? new JobAnswer.Refused("NotNeeded", $"Job {id} waits for no approval: it is {job.State}.")
            : JobStep.ExpiryOf(job) <= stored.StoreTime ? new JobAnswer.Refused("Expired", $"Job {id} could be approved until {JobStep.ExpiryOf(job)!.Value.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}.")
            : null;
    }

    // A slip, not a protection, where names are only said: whoever may approve has another key.
    private static bool IsSame(string? requester, string by) => requester is not null && string.Equals(requester.Trim(), by.Trim(), StringComparison.OrdinalIgnoreCase);

    /// <param name="key">The job.</param>
    /// <param name="what">Makes the id of the message.</param>
    /// <param name="answer">The answer where nothing has to be written; null where it has.</param>
    /// <param name="decide">Applies the decision to the job.</param>
    /// <param name="cancellationToken">Gives up.</param>
    private async Task<JobAnswer> DecideAsync(JobKey key, string what, Func<StoredJob, JobAnswer?> answer, Func<JobHead, JobHead> decide, CancellationToken cancellationToken)
    {
        for (var tries = 0; tries < MostTries; tries++)
        {
            if (await jobs.ReadAsync(key, cancellationToken) is not { } job)
            {
                return new JobAnswer.Unknown($"The ledger knows no job {key.JobId} of account {key.Account}.");
            }

            if (answer(job) is { } known)
            {
                return known;
            }

            var turn = new DriverTurn(DriverMessage.IdOf(key, what), 0, clock.GetUtcNow());
            var decided = jobs.Handed(job, decide(job.Head), turn);
            if (await jobs.WriteAsync(job, decided, [], cancellationToken) is not null)
            {
                // It is decided, whoever has gone away meanwhile.
                await queue.TrySendAsync(key, turn, CancellationToken.None);
                return new JobAnswer.Done(decided);
            }
        }

        throw new LedgerUnavailableException($"Job {key} was written by others {MostTries} times while it was to be written here.");
    }
}

/// <summary>The answer to somebody who decided something about a job.</summary>
internal abstract record JobAnswer
{
    private JobAnswer()
    {
    }

    /// <summary>It is decided so, now or before.</summary>
    public sealed record Done(JobHead Job) : JobAnswer;

    /// <summary>Another job was made, now or before.</summary>
    public sealed record Made(JobTaken.Accepted Job) : JobAnswer;

    public sealed record Unknown(string Sentence) : JobAnswer;

    /// <summary>It cannot be decided so.</summary>
    /// <param name="Code">
    /// <c>NotPlanned</c>, <c>OtherPlan</c>, <c>OwnJob</c>, <c>Decided</c>, <c>Ended</c>, <c>NotNeeded</c> or <c>Expired</c>; where a job was to be made
    /// <c>NotEnded</c>, <c>NothingToRetry</c>, <c>NothingToRestore</c> or <c>IdempotencyConflict</c>.
    /// </param>
    /// <param name="Sentence">For a person.</param>
    public sealed record Refused(string Code, string Sentence) : JobAnswer;
}
