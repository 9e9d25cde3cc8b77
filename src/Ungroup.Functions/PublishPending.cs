using Microsoft.Azure.Functions.Worker;

namespace Ungroup.Functions;

/// <summary>The sweep: what no message brings up any more.</summary>
public sealed class PublishPending(Sweep sweep, Drain drain)
{
    [Function(nameof(PublishPending))]
    public async Task RunAsync([TimerTrigger("0 */1 * * * *")] TimerInfo timer, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, drain.Ending);
        try
        {
            await sweep.RunAsync(stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The next round begins where this one ended.
        }
    }
}
