using Microsoft.Extensions.Logging;
using Ungroup.Ledger;
using Ungroup.Messages;
using Ungroup.Time;

namespace Ungroup.Jobs.Driving;

/// <summary>Handles the messages of the queue of jobs. A job is driven by one chain of messages: the head names the one that is next.</summary>
public sealed partial class JobHandler
{
    private static readonly TimeSpan WhileAStoreIsAway = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan AfterALease = TimeSpan.FromSeconds(2);

    // After this the chain is taken for broken, and any message may go on.
    internal static readonly TimeSpan BrokenAfter = TimeSpan.FromMinutes(1);

    private readonly JobStore _jobs;
    private readonly JobDriver _driver;
    private readonly TimeProvider _clock;
    private readonly ILogger<JobHandler> _logger;

    internal JobHandler(JobStore jobs, JobDriver driver, TimeProvider clock, ILogger<JobHandler> logger) =>
        (_jobs, _driver, _clock, _logger) = (jobs, driver, clock, logger);

    /// <summary>Handles one delivery. Never throws for what a sender wrote, what ECS answered or a store that is away.</summary>
    /// <param name="received">The message as the host received it.</param>
    /// <param name="cancellationToken">The lock is lost or the host is ending: what has begun is finished, nothing new is begun.</param>
    public async Task<Settlement> HandleAsync(Delivery received, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(received);
        var delivery = PostponedCopy.Restore(received);
        if (DriverMessage.KeyIn(delivery.Body) is not { } key)
        {
            return new Settlement.DeadLetter("InvalidRequest", "The message names no job; expected {\"jobId\":\"…\",\"account\":\"…\"}, which only Ungroup itself sends to this queue.");
        }

        try
        {
            return await DriveAsync(key, delivery, cancellationToken);
        }
        catch (LedgerUnavailableException away)
        {
            Log.LedgerAway(_logger, key.JobId, away);
            return Postpone(delivery, _clock.GetUtcNow() + WhileAStoreIsAway, away.Message);
        }
    }

    private async Task<Settlement> DriveAsync(JobKey key, Delivery delivery, CancellationToken cancellationToken)
    {
        if (await _jobs.ReadAsync(key, cancellationToken) is not { } job)
        {
            return new Settlement.DeadLetter("InvalidRequest", $"The ledger knows no job {key.JobId} of account {key.Account}; a job is written down before its message is sent.");
        }

        var now = _clock.GetUtcNow();
        if (!IsNext(job.Head.Turn, delivery, now))
        {
            return new Settlement.Complete();
        }

        var turn = new DriverTurn(delivery.MessageId, delivery.Postponements, now);
        if (await _jobs.TakeAsync(job, turn, cancellationToken) is not { } taken)
        {
            return Postpone(delivery, now + (job.LeaseLeft > TimeSpan.Zero ? job.LeaseLeft : TimeSpan.Zero) + AfterALease, "Another delivery drives this job.");
        }

        return await _driver.DriveAsync(taken, turn, cancellationToken) is { } pause ? Postpone(delivery, pause.Until, pause.Why) : new Settlement.Complete();
    }

    /// <summary>A copy of this chain that came later than the head says goes on: the write that names it may have been lost.</summary>
    private static bool IsNext(DriverTurn turn, Delivery delivery, DateTimeOffset now) =>
        (turn.MessageId == delivery.MessageId && delivery.Postponements >= turn.Postponements) || now - turn.At > BrokenAfter;

    private Settlement.Postpone Postpone(Delivery delivery, DateTimeOffset until, string why) =>
        new(new BrokerTime(delivery, _clock).OfOurs(DateTimeOffset.Later(until, _clock.GetUtcNow())), why);

    private static partial class Log
    {
        [LoggerMessage(671, LogLevel.Warning, "The ledger did not answer; job {JobId} waits, and nothing of it is issued.")]
        public static partial void LedgerAway(ILogger logger, string jobId, Exception error);
    }
}
