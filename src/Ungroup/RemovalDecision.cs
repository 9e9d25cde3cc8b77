using Ungroup.Ecs;
using Ungroup.Guardrails;
using Ungroup.Ledger;
using Ungroup.Requests;

namespace Ungroup;

/// <summary>What becomes of a request we own: too late, refused, planned, or asked of ECS.</summary>
internal sealed class RemovalDecision(GuardrailChain guardrails, RemovalProcedure ecs, RemovalLedger ledger, TimeProvider clock)
{
    public async Task<RemovalVerdict> DecideAsync(
        RemovalRequest request, Lease lease, DateTimeOffset deadline, int postponements, CancellationToken cancellationToken)
    {
        // Once ECS may have been called, only ECS can say what is true.
        var untouched = lease.Record.Attempts == 0;
        if (untouched && request.ExpiresAt <= clock.GetUtcNow())
        {
            return new RemovalVerdict.Ended(Expired(request));
        }

        if (untouched && guardrails.Refuse(request) is { } refused)
        {
            return new RemovalVerdict.Ended(refused);
        }

        var progress = new RemovalProgress
        {
            MayHaveLeft = lease.Record.MayHaveLeft,
            Postponements = postponements,
            Deadline = deadline,
            LastCode = lease.Record.LastCode,
            BeginAttemptAsync = token => ledger.BeginAttemptAsync(lease, token),
        };
        return request.DryRun
            ? await ecs.PlanAsync(request, progress, cancellationToken)
            : await ecs.RunAsync(request, progress, cancellationToken);
    }

    private static Outcome Expired(RemovalRequest request) => new()
    {
        Status = OutcomeStatus.Expired,
        Sentence = $"`expiresAt` {request.ExpiresAt!.Value.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'} had passed before ECS was called; nothing was changed.",
    };
}
