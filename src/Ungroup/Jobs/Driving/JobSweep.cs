using Microsoft.Extensions.Logging;
using Ungroup.Messages;

namespace Ungroup.Jobs.Driving;

/// <summary>Wakes jobs whose message does not come any more, and deletes those whose time is over.</summary>
internal sealed partial class JobSweep(JobStore jobs, DriverQueue queue, TimeProvider clock, ILogger<JobSweep> logger)
{
    private static readonly TimeSpan WokenAfter = TimeSpan.FromMinutes(2);

    /// <summary>One round; how many jobs were woken.</summary>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var woken = 0;
        foreach (var key in await jobs.Index.ReadLiveAsync(cancellationToken))
        {
            if (await jobs.ReadAsync(key, cancellationToken) is not { } job)
            {
                await jobs.Index.DropAsync(key, cancellationToken);
            }
            else if (clock.GetUtcNow() - job.Head.Turn.At > WokenAfter && jobs.IsFree(job))
            {
                woken += await WakeAsync(job, cancellationToken) ? 1 : 0;
            }
        }

        await jobs.ForgetAsync(cancellationToken);
        return woken;
    }

    // The old chain of messages, if it should come back, finds that it is not next.
    private async Task<bool> WakeAsync(StoredJob job, CancellationToken cancellationToken)
    {
        var key = job.Head.Request.Key;
        var turn = new DriverTurn(DriverMessage.IdOf(key, $"~wake{job.Head.Turn.At.UtcTicks}"), 0, clock.GetUtcNow());
        if (await jobs.WriteAsync(job, jobs.Handed(job, job.Head, turn), [], cancellationToken) is null || !await queue.TrySendAsync(key, turn, cancellationToken))
        {
            return false;
        }

        Log.Woken(logger, key.JobId, key.Account);
        return true;
    }

    private static partial class Log
    {
        [LoggerMessage(672, LogLevel.Warning, "The message of job {JobId} of account {Account} did not come back; the sweep has sent another.")]
        public static partial void Woken(ILogger logger, string jobId, string account);
    }
}
