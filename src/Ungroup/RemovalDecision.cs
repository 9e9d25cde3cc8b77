using Microsoft.Extensions.Logging;
using Ungroup.Ecs;
using Ungroup.Ecs.Changes;
using Ungroup.Guardrails;
using Ungroup.Ledger;
using Ungroup.Messages;
using Ungroup.Requests;

namespace Ungroup;

/// <summary>What becomes of a request we own: too late, refused, planned, or asked of ECS.</summary>
internal sealed partial class RemovalDecision(
    GuardrailChain guardrails, RemovalProcedure ecs, RemovalLedger ledger, Waits waits, ILogger<RemovalDecision> logger)
{
    public const string Defect = "InternalDefect";

    public async Task<RemovalVerdict> DecideAsync(
        RemovalRequest request, Lease lease, int postponements, CancellationToken cancellationToken)
    {
        if (lease.Record.Attempts == 0 && request.ExpiresAt <= waits.Now)
        {
            return new RemovalVerdict.Ended(Expired(request, lease.Record.LastCode));
        }

        var refused = guardrails.Refuse(request);
        if (refused is not null && !lease.Record.MayHaveLeft)
        {
            return new RemovalVerdict.Ended(refused);
        }

        try
        {
            return await AskAsync(request, lease, refused, postponements, cancellationToken);
        }
        catch (Exception defect) when (defect is not LedgerUnavailableException)
        {
            // Ours, and nobody has foreseen it. The request still has to end, and not to go round for ever.
            Log.Defect(logger, request.RequestId, defect);
            return waits.Now >= lease.Record.Deadline
                ? new RemovalVerdict.Ended(GivenUp(request, lease))
                : new RemovalVerdict.Wait(WorthAnotherTry(lease.Record.Deadline, postponements), $"A defect of Ungroup: {defect.Message}", Defect, lease.Record.MayHaveLeft);
        }
    }

    private async Task<RemovalVerdict> AskAsync(
        RemovalRequest request, Lease lease, Outcome? refused, int postponements, CancellationToken cancellationToken)
    {
        var progress = new RemovalProgress
        {
            MayHaveLeft = lease.Record.MayHaveLeft,
            Postponements = postponements,
            Deadline = lease.Record.Deadline,
            LastCode = lease.Record.LastCode,
            MetOthers = lease.Record.MetOthers,
            Refused = refused,
            RefuseRelatives = guardrails.AboutRelatives(request),
            BeginAttemptAsync = token => ledger.BeginAttemptAsync(lease, token),
            TakeBackAttempt = lease.TakeBackAttempt,
            CountUnfamiliarReply = lease.CountUnfamiliarReply,
        };
        return request.DryRun
            ? await ecs.PlanAsync(request, progress, cancellationToken)
            : await ecs.RunAsync(request, progress, cancellationToken);
    }

    private DateTimeOffset WorthAnotherTry(DateTimeOffset deadline, int postponements)
    {
        var wait = waits.Postponed(postponements);
        return wait < deadline ? wait : deadline;
    }

    private static Outcome Expired(RemovalRequest request, string? lastCode) => new()
    {
        Status = OutcomeStatus.Expired,
        Sentence = Sentences.Expired(request, NoReply.Is(lastCode) ? lastCode : null),
    };

    private static Outcome GivenUp(RemovalRequest request, Lease lease) => new()
    {
        Status = OutcomeStatus.Failed,
        Code = Defect,
        Sentence = $"The deadline passed, and a defect of Ungroup kept {request.Resource} from being worked on; its log says more under {request.RequestId}."
            + (lease.Record.MayHaveLeft ? Sentences.MayHaveWorked : " Nothing was changed."),
    };

    private static partial class Log
    {
        [LoggerMessage(101, LogLevel.Error, "A defect kept request {RequestId} from being worked on.")]
        public static partial void Defect(ILogger logger, string requestId, Exception defect);
    }
}
