using Polly.Timeout;
using Ungroup.Ecs.Wire;
using Ungroup.Messages;
using Ungroup.Time;

namespace Ungroup.Ecs.Changes;

/// <summary>The few tries that one delivery makes, whatever the request asks for.</summary>
internal sealed class DeliveryTries(EcsClient client, CallPermits permits, EcsPipeline pipeline, Waits waits)
{
    /// <summary>The calls of one delivery.</summary>
    public EcsSession Open(RemovalProgress progress, Origin origin) => new(client, permits, waits, progress, origin);

    /// <param name="tryAsync">One try.</param>
    /// <param name="ecs">The calls that it makes.</param>
    /// <param name="progress">How far the request has come.</param>
    /// <param name="mayHaveChanged">Asked at the end: whether a call may have had its effect without our knowing.</param>
    /// <param name="cancellationToken">Nothing new is begun.</param>
    public async Task<RemovalResult> RunAsync(
        Func<CancellationToken, ValueTask<RemovalResult>> tryAsync, EcsSession ecs, RemovalProgress progress, Func<bool> mayHaveChanged,
        CancellationToken cancellationToken) =>
        Complete(await TryAsync(tryAsync, progress, cancellationToken), ecs, progress, mayHaveChanged());

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

    /// <summary>Adds what every result carries, and lets no wait outlast the deadline.</summary>
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
}
