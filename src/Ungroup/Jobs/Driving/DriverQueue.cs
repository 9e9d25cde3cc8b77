using Microsoft.Extensions.Logging;
using Ungroup.Messages;

namespace Ungroup.Jobs.Driving;

/// <summary>Sends the message that drives a job next. The job is durable and names it: one that is not sent is replaced by the sweep.</summary>
internal sealed partial class DriverQueue(IRequestBus bus, ILogger<DriverQueue> logger)
{
    /// <summary>Never throws: where nobody waits for the bus any more, nobody knows whether it has the message.</summary>
    /// <returns>Whether the bus has it.</returns>
    public async Task<bool> TrySendAsync(JobKey key, DriverTurn turn, CancellationToken cancellationToken)
    {
        try
        {
            await bus.SendAsync(QueueNames.Jobs, [DriverMessage.Of(key, turn.MessageId)], cancellationToken);
            return true;
        }
        catch (Exception error)
        {
            // Each bus has exceptions of its own.
            Log.NotSent(logger, key.JobId, key.Account, error);
            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(673, LogLevel.Warning, "Job {JobId} of account {Account} is written down, and its message was not sent: the sweep wakes the job.")]
        public static partial void NotSent(ILogger logger, string jobId, string account, Exception error);
    }
}
