using Microsoft.Extensions.Logging;
using Polly.Timeout;
using Ungroup.Ecs.Wire;
using Ungroup.Ledger;
using Ungroup.Messages;
using Ungroup.Requests;
using Ungroup.Time;

namespace Ungroup.Ecs.Changes;

internal sealed partial class RemovalProcedure(
    EcsClient client, CallPermits permits, EcsPipeline pipeline, Waits waits, ILogger<RemovalProcedure> logger)
{
    private const string Defect = "InternalDefect";

    public async Task<RemovalResult> RemoveAsync(RemovalRequest request, RemovalProgress progress, CancellationToken cancellationToken)
    {
        var ecs = new EcsSession(client, permits, waits, progress, request);
        var run = new RemovalRun(request, progress, ecs, waits);
        var result = await TryAsync(run.TryAsync, progress, cancellationToken);
        return Complete(result, ecs, progress, run.MayHaveLeft);
    }

    public async Task<RemovalResult> PlanAsync(RemovalRequest request, RemovalProgress progress, CancellationToken cancellationToken)
    {
        var ecs = new EcsSession(client, permits, waits, progress, request);
        var plan = new RemovalPlan(request, progress, ecs, waits);
        var result = await TryAsync(plan.TryAsync, progress, cancellationToken);
        return Complete(result, ecs, progress, progress.MayHaveLeft);
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

    private async Task<RemovalResult> TryAsync(
        Func<CancellationToken, ValueTask<RemovalResult>> tryAsync, RemovalProgress progress, CancellationToken cancellationToken)
    {
        try
        {
            var result = await pipeline.Pipeline.ExecuteAsync(tryAsync, cancellationToken);
            return result is RemovalResult.Wait { IsWorthAnotherTry: true } && cancellationToken.IsCancellationRequested ? ShuttingDown() : result;
        }
        catch (TimeoutRejectedException)
        {
            return WaitFor(waits.Postponed(progress.Postponements), "The removal has taken longer than one delivery may (Ecs:LongestRun).");
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return ShuttingDown();
        }
    }

    private RemovalResult.Wait ShuttingDown() => WaitFor(waits.Now, "This worker is shutting down.");

    private static RemovalResult.Wait WaitFor(DateTimeOffset until, string why) => new(until, why, Code: null);

    private static RemovalResult Complete(RemovalResult result, EcsSession ecs, RemovalProgress progress, bool mayHaveLeft) => result switch
    {
        RemovalResult.Decided decided => decided with
        {
            Calls = ecs.Calls,
            QuotaUsedByOthers = ecs.QuotaUsedByOthers,
            Outcome = decided.Outcome with { EcsRequestIds = ecs.RequestIds, QuotaUsedByOthers = ecs.QuotaUsedByOthers },
        },
        RemovalResult.Wait wait => wait with
        {
            Calls = ecs.Calls,
            QuotaUsedByOthers = ecs.QuotaUsedByOthers,
            Code = wait.Code ?? ecs.LastCode,
            MayHaveLeft = mayHaveLeft,
            Until = DateTimeOffset.Earlier(wait.Until, progress.Deadline),
        },
        _ => result with { Calls = ecs.Calls },
    };

    private static partial class Log
    {
        [LoggerMessage(101, LogLevel.Error, "A defect kept request {RequestId} from being worked on.")]
        public static partial void Defect(ILogger logger, string requestId, Exception defect);
    }
}
