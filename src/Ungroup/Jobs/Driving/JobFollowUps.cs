using Ungroup.Requests;

namespace Ungroup.Jobs.Driving;

/// <summary>Makes a job from one that has ended. Asked for twice, it is one: its name says what it follows on, and what that came to does not change any more.</summary>
internal sealed class JobFollowUps(JobStore jobs, JobStatusReader results, JobDoor door, TimeProvider clock)
{
    /// <summary>A job of what failed or never started.</summary>
    /// <param name="key">The job that has ended.</param>
    /// <param name="asked">Says who asks, and why.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<JobAnswer> RetryAsync(JobKey key, AskedBy asked, CancellationToken cancellationToken) => MakeAsync(
        key,
        async ended => ended.Request.Action == RequestAction.Restore
            ? new JobAnswer.Refused("NothingToRetry", $"Job {key.JobId} is a restore; restore it again, and what it did not restore is tried once more.")
            : await LeftAsync(ended, result => result.IsUndone, cancellationToken) is var undone && (undone is null or { Count: > 0 })
            ? await TakeAsync(FollowUp.Retrying(ended.Request, undone, clock.GetUtcNow()), ended.Queue, asked, cancellationToken)
            : new JobAnswer.Refused("NothingToRetry", $"Nothing of job {key.JobId} failed, and nothing was left."),
        cancellationToken);

    /// <summary>A job that undoes what was changed. It must come by a door of restores.</summary>
    /// <inheritdoc cref="RetryAsync"/>
    public Task<JobAnswer> RestoreAsync(JobKey key, AskedBy asked, CancellationToken cancellationToken) => MakeAsync(
        key,
        async ended => await (ended.Request.Action == RequestAction.Restore ? LeftAsync(ended, result => result.IsUnrestored, cancellationToken) : ChangedAsync(ended, cancellationToken)) is { Count: > 0 } resources
            ? await TakeAsync(FollowUp.Restoring(ended.Request, resources, asked.Force), queue: null, asked, cancellationToken)
            : new JobAnswer.Refused("NothingToRestore", $"There is nothing of job {key.JobId} to restore."),
        cancellationToken);

    private async Task<JobAnswer> MakeAsync(JobKey key, Func<JobHead, Task<JobAnswer>> makeAsync, CancellationToken cancellationToken) =>
        (await jobs.ReadAsync(key, cancellationToken))?.Head is not { } job ? new JobAnswer.Unknown($"The ledger knows no job {key.JobId} of account {key.Account}.")
        : job.State != JobState.Ended ? new JobAnswer.Refused("NotEnded", $"Job {key.JobId} has not ended: it is {job.State}. Wait for its end, or cancel it.")
        : await makeAsync(job);

    private async Task<JobAnswer> TakeAsync(JobRequest made, string? queue, AskedBy asked, CancellationToken cancellationToken)
    {
        made = made with { RequestedBy = asked.By ?? made.RequestedBy, Reason = asked.Reason ?? made.Reason };
        return await door.SubmitAsync(made, new(queue, asked.Submitter), known => known.Request.MadeFrom == made.MadeFrom && known.Request.Action == made.Action, cancellationToken) switch
        {
            JobTaken.Accepted { Job.Request: var before } when before.Force != made.Force => new JobAnswer.Refused(
                "IdempotencyConflict",
                $"Job {before.JobId} was asked for before, {(before.Force is true ? "with" : "without")} `force`; once it has ended, restore {before.JobId} in place of {before.MadeFrom}."),
            JobTaken.Accepted taken => new JobAnswer.Made(taken),
            JobTaken.Conflict conflict => new JobAnswer.Refused("IdempotencyConflict", conflict.Sentence),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    /// <summary>Resources that the job left to do; null where they have to be selected, because they never were.</summary>
    private async Task<IReadOnlyList<string>?> LeftAsync(JobHead ended, Func<ResourceResult, bool> isLeft, CancellationToken cancellationToken) =>
        ended.Plan is not null ? await results.ReadResultsAsync(ended, cancellationToken).Where(isLeft).Select(result => result.Resource).ToListAsync(cancellationToken)
        : ended.Request.Select is null ? await jobs.ReadListAsync(ended.Request.Key, 0, ended.Listed, cancellationToken)
        : null;

    private async Task<IReadOnlyList<string>?> ChangedAsync(JobHead ended, CancellationToken cancellationToken) =>
        await jobs.ReadResultsAsync(ended.Request.Key, cancellationToken).Where(result => result.IsChange).Select(result => result.Resource).ToListAsync(cancellationToken);
}

/// <param name="By">Asks for it; null where that is not known.</param>
/// <param name="Reason">Why; null where nothing was said.</param>
/// <param name="Submitter">Tenant and object of whoever asks; null where that was not proven.</param>
/// <param name="Force">A restore goes on although others have changed the membership since.</param>
internal sealed record AskedBy(string? By, string? Reason, string? Submitter, bool Force = false);
