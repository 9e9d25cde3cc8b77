using Microsoft.Azure.Functions.Worker;
using Ungroup.Functions.Invocations;

namespace Ungroup.Functions;

/// <summary>The sweep, once a minute: publishes what is pending, ends what nobody brings any more, wakes jobs and looks at what is contained.</summary>
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
