using Microsoft.Azure.Functions.Worker;
using Ungroup.Functions.Invocations;

namespace Ungroup.Functions;

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
        }
    }
}
