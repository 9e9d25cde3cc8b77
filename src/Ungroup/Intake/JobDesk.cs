using Ungroup.Jobs;
using Ungroup.Jobs.Driving;
using Ungroup.Ledger;
using Ungroup.Messages;
using Ungroup.Requests;

namespace Ungroup.Intake;

/// <summary>Takes jobs and what people decide about them, whatever door they come by.</summary>
public sealed class JobDesk
{
    /// <summary>The longest job, in bytes. Over a queue it may be no longer than any request.</summary>
    public const int LongestBody = JobReader.LongestBody;

    /// <summary>The longest order about a job, in bytes.</summary>
    public const int LongestOrder = RequestReader.LongestBody;

    private static readonly Dictionary<string, object?> Nothing = [];

    private readonly JobDoor _door;
    private readonly JobDecisions _decisions;
    private readonly JobFollowUps _followUps;
    private readonly KnownAccounts _accounts;
    private readonly TimeProvider _clock;

    internal JobDesk(JobDoor door, JobDecisions decisions, JobFollowUps followUps, KnownAccounts accounts, TimeProvider clock) =>
        (_door, _decisions, _followUps, _accounts, _clock) = (door, decisions, followUps, accounts, clock);

    /// <summary>Checks a job and writes it down: from then on it is done, whatever becomes of this process.</summary>
    /// <param name="body">The job, as docs/jobs.md says.</param>
    /// <param name="caller">Stands at the door: nobody of whom it is proven that he asked for a job approves it.</param>
    /// <param name="contentType">Its sender's word.</param>
    /// <param name="beside">Values beside the body, such as a query: refused where they were meant for the job.</param>
    /// <param name="cancellationToken">Gives up; the job may be written down all the same.</param>
    /// <exception cref="LedgerUnavailableException">The ledger does not answer, and may have the job all the same.</exception>
    public async Task<JobReply> SubmitAsync(
        ReadOnlyMemory<byte> body, JobCaller? caller = null, string contentType = "application/json", IReadOnlyDictionary<string, object?>? beside = null,
        CancellationToken cancellationToken = default)
    {
        var delivery = new Delivery
        {
            MessageId = Guid.NewGuid().ToString(),
            Body = body,
            ContentType = contentType,
            EnqueuedAt = _clock.GetUtcNow(),
            Properties = beside ?? Nothing,
        };
        return Reply(await _door.TakeAsync(delivery, LongestBody, cancellationToken, caller?.Subject));
    }

    /// <summary>Nothing more of the job is issued; what is under way ends.</summary>
    /// <param name="jobId">Its name.</param>
    /// <param name="account">Its account; null or empty for the default one.</param>
    /// <param name="order"><c>{"by":"…","reason":"…"}</c>, or nothing.</param>
    /// <param name="caller">Stands at the door.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="LedgerUnavailableException">The ledger does not answer, and may have the decision all the same.</exception>
    public Task<JobReply> CancelAsync(string? jobId, string? account, ReadOnlyMemory<byte> order, JobCaller caller, CancellationToken cancellationToken) =>
        ObeyAsync(jobId, account, order, JobOrder.Names, caller, (key, given) => _decisions.CancelAsync(key, given.By ?? caller.Nobody, given.Reason, cancellationToken));

    /// <summary>A new job of what failed or never started in one that has ended: <c>&lt;jobId&gt;:retry-1</c>. Asked for twice it is one; a retry of it is the next. It needs an approval of its own.</summary>
    /// <inheritdoc cref="CancelAsync"/>
    public Task<JobReply> RetryAsync(string? jobId, string? account, ReadOnlyMemory<byte> order, JobCaller caller, CancellationToken cancellationToken) =>
        ObeyAsync(jobId, account, order, JobOrder.Names, caller, (key, given) => _followUps.RetryAsync(key, new(given.By, given.Reason, caller.Subject), cancellationToken));

    /// <summary>
    /// A new job that undoes each change of one that has ended: <c>&lt;jobId&gt;:restore-1</c>. Asked for twice it is one; a restore of it is the next.
    /// It is a door of restores, with a key of its own: what it makes is restored even where no queue may ask for that.
    /// Its order may say <c>"force":true</c>: it goes on although others have changed the membership since.
    /// </summary>
    /// <inheritdoc cref="CancelAsync"/>
    public Task<JobReply> RestoreAsync(string? jobId, string? account, ReadOnlyMemory<byte> order, JobCaller caller, CancellationToken cancellationToken) =>
        ObeyAsync(jobId, account, order, JobOrder.OfRestore, caller, (key, given) => _followUps.RestoreAsync(key, new(given.By, given.Reason, caller.Subject, given.Force), cancellationToken));

    /// <summary>Approves or rejects the plan of a job: the whole hash, once, before its time is over, and never by whoever asked for it.</summary>
    /// <param name="jobId">Its name.</param>
    /// <param name="account">Its account; null or empty for the default one.</param>
    /// <param name="order"><c>{"plan":"sha256:…","by":"…","decision":"approve"|"reject","reason":"…"}</c>.</param>
    /// <param name="caller">Stands at the door.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="LedgerUnavailableException">The ledger does not answer, and may have the decision all the same.</exception>
    public async Task<JobReply> DecideAsync(string? jobId, string? account, ReadOnlyMemory<byte> order, JobCaller caller, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        List<RequestProblem> problems = [];
        return JobNames.Read(jobId, account, _accounts, problems) is { } key && JobVerdict.Read(order, caller, problems) is { } verdict
            ? Reply(await _decisions.DecideAsync(
                key,
                new(verdict.Plan, verdict.IsApproved, new(verdict.By, _clock.GetUtcNow(), verdict.Reason), caller.Door, caller.IsVerified) { Subject = caller.Subject },
                cancellationToken))
            : new JobReply.Invalid(problems);
    }

    private async Task<JobReply> ObeyAsync(
        string? jobId, string? account, ReadOnlyMemory<byte> order, string[] members, JobCaller caller, Func<JobKey, JobOrder, Task<JobAnswer>> obeyAsync)
    {
        ArgumentNullException.ThrowIfNull(caller);
        List<RequestProblem> problems = [];
        return JobNames.Read(jobId, account, _accounts, problems) is { } key && JobOrder.Read(order, members, caller, problems) is { } given
            ? Reply(await obeyAsync(key, given))
            : new JobReply.Invalid(problems);
    }

    private JobReply Reply(JobTaken taken) => taken switch
    {
        JobTaken.Accepted { IsSent: false, Job.Request: var job } => new JobReply.Unconfirmed(
            job.JobId, job.Account, $"Job {job.JobId} is written down, and the bus did not confirm its message: it begins a few minutes later, or once it is sent again with this jobId."),
        JobTaken.Accepted accepted => new JobReply.Taken(JobView.Of(accepted.Job, open: null, _clock.GetUtcNow()), accepted.IsNew),
        JobTaken.Invalid invalid => new JobReply.Invalid(invalid.Problems),
        JobTaken.Conflict conflict => new JobReply.Refused("IdempotencyConflict", conflict.Sentence),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private JobReply Reply(JobAnswer answer) => answer switch
    {
        JobAnswer.Made made => Reply(made.Job),
        JobAnswer.Done done => new JobReply.Told(JobView.Of(done.Job, open: null, _clock.GetUtcNow())),
        JobAnswer.Unknown unknown => new JobReply.Unknown(unknown.Sentence),
        JobAnswer.Refused refused => new JobReply.Refused(refused.Code, refused.Sentence),
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
