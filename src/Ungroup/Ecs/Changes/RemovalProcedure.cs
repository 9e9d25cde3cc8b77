using Microsoft.Extensions.Logging;
using Ungroup.Ledger;
using Ungroup.Messages;
using Ungroup.Requests;
using Ungroup.Time;

namespace Ungroup.Ecs.Changes;

/// <summary>Works on one request at ECS for one delivery: a few tries, and then a result that says what is known and what is not.</summary>
internal sealed partial class RemovalProcedure(DeliveryTries tries, Waits waits, ILogger<RemovalProcedure> logger)
{
    private const string Defect = "InternalDefect";

    public async Task<RemovalResult> RemoveAsync(RemovalRequest request, RemovalProgress progress, CancellationToken cancellationToken)
    {
        var ecs = tries.Open(progress, request.Origin);
        var evidence = waits.NeedsEvidence(request.Origin) ? new RemovalEvidence(request, ecs) : null;
        var run = new RemovalRun(request, progress, ecs, waits, evidence);
        var result = await tries.RunAsync(run.TryAsync, ecs, progress, () => run.MayHaveLeft, cancellationToken);
        if (result is RemovalResult.Decided { Outcome.Status: OutcomeStatus.Removed or OutcomeStatus.AlreadyAbsent })
        {
            // Before anybody is told: a restore of an earlier contain must not put it back.
            await progress.NoteRemovedAsync();
        }

        return evidence is not null && result is RemovalResult.Decided decided
            ? decided with { Outcome = await evidence.AddToAsync(decided.Outcome, cancellationToken), Calls = ecs.Calls }
            : result;
    }

    /// <summary>Says what <see cref="RemoveAsync"/> would come to, and changes nothing.</summary>
    public Task<RemovalResult> PlanAsync(RemovalRequest request, RemovalProgress progress, CancellationToken cancellationToken)
    {
        var ecs = tries.Open(progress, request.Origin);
        var plan = new RemovalPlan(request, progress, ecs, waits);
        return tries.RunAsync(plan.TryAsync, ecs, progress, () => progress.MayHaveLeft, cancellationToken);
    }

    /// <summary>A request ends even when a defect of ours keeps it from being worked on.</summary>
    public RemovalResult AfterDefect(RemovalRequest request, LedgerRecord record, Exception defect)
    {
        Log.Defect(logger, request.RequestId, defect);
        if (waits.Now >= record.Deadline)
        {
            return new RemovalResult.Decided(new() { Status = OutcomeStatus.Failed, Code = Defect, Sentence = Sentences.Defect(request, record.MayHaveLeft) });
        }

        var until = DateTimeOffset.Earlier(waits.Postponed(record.Epoch - 1), record.Deadline);
        return new RemovalResult.Wait(until, $"A defect of Ungroup: {defect.Message}", Defect) { MayHaveLeft = record.MayHaveLeft };
    }

    private static partial class Log
    {
        [LoggerMessage(101, LogLevel.Error, "A defect kept request {RequestId} from being worked on.")]
        public static partial void Defect(ILogger logger, string requestId, Exception defect);
    }
}
