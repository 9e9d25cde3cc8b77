using System.Diagnostics;
using Ungroup.Ecs.Changes;
using Ungroup.Ecs.Containment;
using Ungroup.Guardrails;
using Ungroup.Jobs.Driving;
using Ungroup.Ledger;
using Ungroup.Messages;
using Ungroup.Outcomes;
using Ungroup.Requests;
using Ungroup.Time;

namespace Ungroup;

/// <summary>Takes a message through, in order: read, claim, guard, change, record, settle.</summary>
public sealed class RemovalHandler
{
    private static readonly TimeSpan LongestUntold = TimeSpan.FromHours(1);

    private readonly RequestReader _reader;
    private readonly RemovalLedger _ledger;
    private readonly GuardrailChain _guardrails;
    private readonly RemovalProcedure _ecs;
    private readonly ContainmentProcedure _containment;
    private readonly OutcomeRecorder _outcomes;
    private readonly DeliveryScopes _scopes;
    private readonly JobDoor? _jobs;

    internal RemovalHandler(
        RequestReader reader, RemovalLedger ledger, GuardrailChain guardrails, RemovalProcedure ecs, ContainmentProcedure containment,
        OutcomeRecorder outcomes, DeliveryScopes scopes, JobDoor? jobs = null)
    {
        _reader = reader;
        _ledger = ledger;
        _guardrails = guardrails;
        _ecs = ecs;
        _containment = containment;
        _outcomes = outcomes;
        _scopes = scopes;
        _jobs = jobs;
    }

    /// <summary>Handles one delivery. Never throws for what a sender wrote, what ECS answered or a store that is away.</summary>
    /// <param name="delivery">The message as the host received it.</param>
    /// <param name="cancellationToken">The lock is lost or the host is ending: what has begun is finished, nothing new is begun.</param>
    /// <exception cref="OperationCanceledException">Cancelled while nothing was under way that has to be finished.</exception>
    public Task<Settlement> HandleAsync(Delivery delivery, CancellationToken cancellationToken) =>
        _scopes.RunAsync(delivery, scope => SettleAsync(scope, cancellationToken));

    private async Task<Settlement> SettleAsync(DeliveryScope scope, CancellationToken cancellationToken)
    {
        // Read.
        var delivery = scope.Delivery;
        var parsed = _reader.Read(delivery);
        if (parsed is ParsedRequest.Job && _jobs is not null)
        {
            return await TakeAsync(_jobs, scope, cancellationToken);
        }

        if (parsed is not ParsedRequest.Accepted { Request: var request })
        {
            return await RejectAsync(Rejection.Of(parsed as ParsedRequest.Invalid ?? NoJobs, delivery, scope.Now), scope);
        }

        if (await scope.EnterAsync(request, cancellationToken) is { } crowded)
        {
            return crowded;
        }

        // Claim.
        var deadline = RemovalLedger.DeadlineOf(request, delivery.EnqueuedAt);
        var claim = await _ledger.ClaimAsync(request, delivery.MessageId, deadline, cancellationToken);
        if (claim is not Claim.Granted { Lease: var lease })
        {
            return await AnswerAsync(claim, request, scope);
        }

        if (scope.UntilNotBefore(request, lease) is { } early)
        {
            return await ReleaseAsync(lease, early, scope);
        }

        // Wait for the end of a hold. A contain or restore that has begun is seen through.
        var queue = delivery.Queue?.Name;
        if (!HasBegun(request, lease) && await _scopes.HeldAsync(request, lease, queue, [], cancellationToken) is { } held)
        {
            return await ReleaseAsync(lease, held, scope) with { Origin = request.Origin };
        }

        // Guard and change.
        var result = await DecideAsync(request, lease, queue, cancellationToken);

        // Record and settle. From here on nothing is cancelled: what was done has to be written down.
        Settlement settlement = result switch
        {
            RemovalResult.Decided { Outcome: var outcome } => await RecordAsync(request, lease, outcome, scope),
            RemovalResult.Wait wait => await ReleaseAsync(lease, wait, scope),
            RemovalResult.LeaseLost => scope.Overtaken(),
            _ => throw new UnreachableException(),
        };
        return settlement with { Calls = result.Calls, Origin = request.Origin };
    }

    internal async Task<RemovalResult> EndAsync(Lease lease, CancellationToken cancellationToken)
    {
        // A clock that was wrong for a while made the record due too early.
        var now = _scopes.Now;
        return now < lease.Record.Deadline
            ? new RemovalResult.Wait(now, "The deadline has not come.", Code: null) { MayHaveLeft = lease.Record.MayHaveLeft }
            : await DecideAsync(lease.Record.Request!, lease, queue: null, cancellationToken);
    }

    private static ParsedRequest.Invalid NoJobs { get; } =
        new(null, KnownAccounts.DefaultName, null, [new("jobId", "`jobId` is the name of a job, and this worker takes none; expected a request.")]);

    /// <summary>A job is written down and driven by a message of its own. One that has ended is told again, as a request is.</summary>
    private async Task<Settlement> TakeAsync(JobDoor door, DeliveryScope scope, CancellationToken cancellationToken)
    {
        var delivery = scope.Delivery;
        switch (await door.TakeAsync(delivery, RequestReader.LongestBody, cancellationToken))
        {
            case JobTaken.Accepted { Ended: { } ended }:
                await _outcomes.Publisher.TryPublishAsync(ended, CancellationToken.None);
                return new Settlement.Complete { Outcome = ended, Replayed = true };

            case JobTaken.Accepted { IsSent: true }:
                return new Settlement.Complete();

            case JobTaken.Accepted:
                return scope.PostponeBriefly("The bus did not take the message that drives the job.");

            case JobTaken.Invalid invalid:
                ParsedRequest.Invalid problems = new(null, invalid.Account, null, invalid.Problems) { JobId = invalid.JobId };
                return await RejectAsync(Rejection.Of(problems, delivery, scope.Now), scope);

            case JobTaken.Conflict { Job: var job } conflict:
                return await RejectAsync(Rejection.OfJob(job.JobId, job.Account, conflict.Sentence, delivery, scope.Now), scope);

            default:
                throw new UnreachableException();
        }
    }

    private static bool HasBegun(RemovalRequest request, Lease lease) => request.Action != RequestAction.Remove && lease.Record.Attempts > 0;

    private async Task<RemovalResult> DecideAsync(RemovalRequest request, Lease lease, string? queue, CancellationToken cancellationToken)
    {
        // Guard. After a call that may have worked, neither rule ends the request before ECS has said what is true.
        if (request.ExpiresAt <= _scopes.Now && lease.Record.Attempts == 0)
        {
            return new RemovalResult.Decided(new()
            {
                Status = OutcomeStatus.Expired,
                Sentence = Sentences.Expired(request, lease.Record.LastCode, lease.Record.Waiting),
            });
        }

        var refused = _guardrails.Refuse(request, lease.Record.Door ?? RequestDoor.Queue);
        if (refused is not null && !lease.Record.MayHaveLeft)
        {
            return new RemovalResult.Decided(refused);
        }

        // Change.
        try
        {
            if (request.Action != RequestAction.Remove)
            {
                return await _containment.RunAsync(request, lease, Stops(RemovalProgress.Of(lease, _ledger)), cancellationToken);
            }

            var progress = Stops(RemovalProgress.Of(lease, _ledger)) with { Refused = refused, RefuseRelatives = _guardrails.AboutRelatives(request) };
            return request.DryRun
                ? await _ecs.PlanAsync(request, progress, cancellationToken)
                : await _ecs.RemoveAsync(request, progress, cancellationToken);
        }
        catch (Exception defect) when (defect is not LedgerUnavailableException)
        {
            return _ecs.AfterDefect(request, lease.Record, defect);
        }

        RemovalProgress Stops(RemovalProgress progress) => _scopes.WithHolds(progress, request, lease, queue) with { RefuseTags = _guardrails.AboutTags };
    }

    private async Task<Settlement> AnswerAsync(Claim claim, RemovalRequest request, DeliveryScope scope) => claim switch
    {
        Claim.Decided decided => await RepeatAsync(decided),
        Claim.Busy busy => scope.PostponeBehind(busy, request),
        Claim.Conflict conflict => await RejectAsync(Rejection.Of(request, conflict, scope.Delivery, scope.Now), scope),
        Claim.Refused refused => await RejectAsync(Rejection.Of(request, refused, scope.Delivery, scope.Now), scope),
        _ => throw new UnreachableException(),
    };

    private async Task<Settlement> RecordAsync(RemovalRequest request, Lease lease, Outcome outcome, DeliveryScope scope)
    {
        var askedAt = DateTimeOffset.Earlier(scope.Delivery.EnqueuedAt, lease.Record.FirstSeenAt);
        return await _outcomes.RecordAsync(request, lease, outcome, scope.Delivery.MessageId, askedAt) is { } told
            ? new Settlement.Complete { Outcome = told }
            : scope.Overtaken();
    }

    private async Task<Settlement> ReleaseAsync(Lease lease, RemovalResult.Wait wait, DeliveryScope scope)
    {
        var until = _scopes.ReturnAt(wait);
        var postponed = scope.Postpone(until, wait.Why);
        return await _ledger.ReleaseAsync(lease, until, wait.MayHaveLeft, wait.Code, wait.QuotaUsedByOthers, CancellationToken.None, wait.Reason)
            ? postponed
            : scope.Overtaken();
    }

    private async Task<Settlement> RepeatAsync(Claim.Decided decided)
    {
        await _outcomes.Publisher.PublishAsync(decided.Stored, decided.Outcome, CancellationToken.None);
        return new Settlement.Complete { Outcome = decided.Outcome, Replayed = true };
    }

    private async Task<Settlement> RejectAsync(Rejection rejection, DeliveryScope scope)
    {
        if (await _outcomes.TellAsync(rejection, scope.Delivery))
        {
            return new Settlement.DeadLetter(rejection.Code, rejection.Description) { Outcome = rejection.Event };
        }

        // No ledger holds this event, so the message stays until the bus has it, or for an hour.
        if (scope.Delivery.Postponements < LongestUntold / DeliveryScope.Briefly)
        {
            return scope.PostponeBriefly("The outcome bus did not take the Rejected event.");
        }

        _outcomes.GiveUpTelling(rejection, scope.Delivery);
        return new Settlement.DeadLetter(rejection.Code, rejection.UntoldDescription);
    }
}
