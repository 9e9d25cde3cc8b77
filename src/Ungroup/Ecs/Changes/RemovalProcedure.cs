using System.Diagnostics;
using Polly.Timeout;
using Ungroup.Ecs.Wire;
using Ungroup.Requests;

namespace Ungroup.Ecs.Changes;

/// <summary>What one delivery does at ECS: a few tries, and then a verdict that says what is known and what is not.</summary>
internal sealed class RemovalProcedure(EcsClient client, CallPermits permits, EcsPipeline pipeline, Waits waits)
{
    /// <summary>Takes the resource out of the group, or says why not, or when to ask again.</summary>
    public async Task<RemovalVerdict> RunAsync(RemovalRequest request, RemovalProgress progress, CancellationToken cancellationToken)
    {
        var ecs = new EcsSession(client, permits, waits, progress, request);
        var run = new RemovalRun(request, progress, ecs, waits);
        var verdict = await TryAsync(run.TryAsync, progress, cancellationToken);
        return Complete(verdict, ecs, progress, run.MayHaveLeft);
    }

    /// <summary>Says what <see cref="RunAsync"/> would come to, and changes nothing.</summary>
    public async Task<RemovalVerdict> PlanAsync(RemovalRequest request, RemovalProgress progress, CancellationToken cancellationToken)
    {
        var ecs = new EcsSession(client, permits, waits, progress, request);
        var plan = new RemovalPlan(request, progress, ecs, waits);
        var verdict = await TryAsync(plan.TryAsync, progress, cancellationToken);
        return Complete(verdict, ecs, progress, progress.MayHaveLeft);
    }

    private async Task<RemovalVerdict> TryAsync(
        Func<CancellationToken, ValueTask<Tried>> tryAsync, RemovalProgress progress, CancellationToken cancellationToken)
    {
        try
        {
            return await pipeline.Pipeline.ExecuteAsync(tryAsync, cancellationToken) switch
            {
                Tried.Done done => done.Verdict,
                Tried.Again when cancellationToken.IsCancellationRequested => ShuttingDown(),
                Tried.Again again => again.Otherwise,
                _ => throw new UnreachableException(),
            };
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

    private RemovalVerdict.Wait ShuttingDown() => WaitFor(waits.Now, "This worker is shutting down.");

    private static RemovalVerdict.Wait WaitFor(DateTimeOffset until, string why) => new(until, why, Code: null, MayHaveLeft: false);

    /// <summary>Adds what every verdict carries, and lets no wait outlast the deadline.</summary>
    private static RemovalVerdict Complete(RemovalVerdict verdict, EcsSession ecs, RemovalProgress progress, bool mayHaveLeft) => verdict switch
    {
        RemovalVerdict.Ended ended => ended with
        {
            Calls = ecs.Calls,
            MetOthers = ecs.MetOthers,
            Outcome = ended.Outcome with { EcsRequestIds = ecs.RequestIds, QuotaUsedByOthers = ecs.MetOthers },
        },
        RemovalVerdict.Wait wait => wait with
        {
            Calls = ecs.Calls,
            MetOthers = ecs.MetOthers,
            Code = wait.Code ?? ecs.LastCode,
            MayHaveLeft = mayHaveLeft,
            Until = wait.Until < progress.Deadline ? wait.Until : progress.Deadline,
        },
        _ => verdict with { Calls = ecs.Calls },
    };
}
