using Microsoft.Azure.Functions.Worker;
using Ungroup.Outcomes;

namespace Ungroup.Functions;

/// <summary>The sweep: outcomes that were decided and never published, also where the message is gone.</summary>
public sealed class PublishPending(Sweep sweep)
{
    [Function(nameof(PublishPending))]
    public async Task RunAsync([TimerTrigger("0 */1 * * * *")] TimerInfo timer, CancellationToken cancellationToken)
    {
        await sweep.PublishPendingAsync(cancellationToken);
        await sweep.ForgetOldAsync(cancellationToken);
    }
}
