using Microsoft.Azure.Functions.Worker;
using Ungroup.Outcomes;

namespace Ungroup.Functions;

/// <summary>The sweep: what no message brings up any more.</summary>
public sealed class PublishPending(Sweep sweep)
{
    [Function(nameof(PublishPending))]
    public Task RunAsync([TimerTrigger("0 */1 * * * *")] TimerInfo timer, CancellationToken cancellationToken) => sweep.RunAsync(cancellationToken);
}
