using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Ungroup.Jobs.Selecting;
using Ungroup.Ledger;
using Ungroup.Messages;
using Ungroup.Outcomes;

namespace Ungroup.Jobs.Driving;

/// <summary>
/// Drives one job, step by step, for as long as one delivery may. <see cref="JobStep"/> says what the next step is; what a step makes of the
/// job is durable before the next, so that a driver that is gone anywhere is followed by one that goes on.
/// </summary>
internal sealed partial class JobDriver(JobStore jobs, JobPlanner planner, JobChildren children, OutcomePublisher publisher, JobClock clock)
{
    private static readonly TimeSpan LongestRun = TimeSpan.FromMinutes(4);
    private static readonly TimeSpan WhileTheBusIsAway = TimeSpan.FromSeconds(30);

    // A job of the store: most of it is put to rest with its last event. Rows that do not fit beside the head go before it.
    private const int MostRows = 50;

    /// <summary>When the message should come back; null where it is not needed any more.</summary>
    public async Task<DriverPause?> DriveAsync(StoredJob taken, DriverTurn turn, CancellationToken cancellationToken)
    {
        using var time = clock.Until(LongestRun);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, time.Token);
        for (var job = taken; ;)
        {
            if (stop.IsCancellationRequested)
            {
                return await PauseAsync(job, turn, new(clock.Now, "The next delivery goes on."), cancellationToken);
            }

            var (next, pause) = await StepOrStopAsync(job, stop.Token);
            if (ReferenceEquals(next, job))
            {
                continue;
            }

            if (next is null && pause is null)
            {
                return null;
            }

            if (next is null)
            {
                return await PauseAsync(job, turn, pause!, cancellationToken);
            }

            job = next;
            if (!jobs.IsOurs(job, taken.Head.Epoch))
            {
                return null;
            }
        }
    }

    /// <summary>A step that is broken off has made nothing of the job.</summary>
    private async Task<(StoredJob? Next, DriverPause? Pause)> StepOrStopAsync(StoredJob job, CancellationToken stop)
    {
        try
        {
            return await StepAsync(job, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return (job, null);
        }
    }

    /// <returns>The job as it is after the step; or how long to pause; or neither, where all is done.</returns>
    private async Task<(StoredJob? Next, DriverPause? Pause)> StepAsync(StoredJob job, CancellationToken cancellationToken)
    {
        var head = job.Head;
        var (view, ended) = head.Open is { IssuedAt: not null } open ? await children.LookAsync(head, open, cancellationToken) : (null, []);
        switch (JobStep.Of(head, view, clock.Now))
        {
            case JobStep.Rest:
                await jobs.RestAsync(head, CancellationToken.None);
                return (null, null);

            case JobStep.Wait wait:
                return (null, wait.Until is { } until ? new(until, "The job waits for its time, or for somebody.") : new(clock.NextLook(head.Open), "Requests of the job have not ended."));

            case JobStep.BeginPlanning:
                return (await WriteAsync(job, head.BeginningToPlan(clock.Now), []), null);

            case JobStep.Plan:
                return await PlanAsync(job, cancellationToken);

            case JobStep.Tell tell:
                return await publisher.TryPublishAsync(JobEvent.Of(head, tell.Event), CancellationToken.None)
                    ? (await WriteAsync(job, head.With(tell.Event), []), null)
                    : (null, new(clock.Now + WhileTheBusIsAway, "The outcome bus did not take the job's event."));

            case JobStep.Open { Portion: var portion }:
                return (await OpenAsync(job, portion, cancellationToken), null);

            case JobStep.Issue { Portion: var portion }:
                return await IssueAsync(job, portion, cancellationToken);

            case JobStep.Close close:
                return (await WriteAsync(job, head.WithClosed(view!.Counts), [JobStore.ResultRow(close.Portion.Number, ended)]), null);

            case JobStep.Stop stop:
                return (await WriteAsync(job, head.Stopping(stop.As), []), null);

            case JobStep.End end:
                return (await WriteAsync(job, head.Ending(end.As, clock.Now, why: null), []), null);

            default:
                throw new UnreachableException();
        }
    }

    private async Task<(StoredJob? Next, DriverPause? Pause)> PlanAsync(StoredJob job, CancellationToken cancellationToken)
    {
        switch (await planner.ReadPageAsync(job.Head, cancellationToken))
        {
            case PlanTurn.Page page:
                return (await WriteAsync(job, page.Next, page.Rows), null);

            case PlanTurn.End end:
                return (await WriteAsync(job, job.Head.Ending(end.As, clock.Now, end.Why), []), null);

            case PlanTurn.Wait wait:
                return (null, new(wait.Until, wait.Why));

            default:
                throw new UnreachableException();
        }
    }

    /// <summary>The plan that somebody has approved, or was told, is the one that is done: before the first of it, the rows are held against their hash.</summary>
    private async Task<StoredJob> OpenAsync(StoredJob job, Portion portion, CancellationToken cancellationToken) =>
        await WriteAsync(
            job,
            portion.Number > 0 || await jobs.IsWholeAsync(job.Head, cancellationToken)
                ? job.Head.With(portion)
                : job.Head.Ending(JobEnd.Failed, clock.Now, "The rows of the plan are not those that its hash was made of; nothing was done."),
            []);

    private async Task<(StoredJob? Next, DriverPause? Pause)> IssueAsync(StoredJob job, Portion portion, CancellationToken cancellationToken)
    {
        try
        {
            await children.IssueAsync(job.Head, portion, cancellationToken);
        }
        catch (Exception error) when (error is not LedgerUnavailableException and not OperationCanceledException)
        {
            // Each bus has exceptions of its own; the requests have to be sent later in any case.
            clock.NotIssued(job.Head.Request.Key, error);
            return (null, new(clock.Now + WhileTheBusIsAway, "The bus did not take the requests of the job."));
        }

        return (await WriteAsync(job, job.Head.Issued(clock.Now), []), null);
    }

    /// <summary>Where somebody else has written the job, it is read again: a cancel or an approval comes in between.</summary>
    private async Task<StoredJob> WriteAsync(StoredJob job, JobHead next, IReadOnlyList<RowChange> rows)
    {
        var batches = rows.Chunk(MostRows).ToList();
        var current = job;
        foreach (var batch in batches.SkipLast(1))
        {
            if (await jobs.WriteAsync(current, current.Head, batch, CancellationToken.None) is not { } written)
            {
                return await ReadAsync(job);
            }

            current = written;
        }

        return await jobs.WriteAsync(current, next, batches.LastOrDefault() ?? [], CancellationToken.None) ?? await ReadAsync(job);
    }

    private async Task<DriverPause?> PauseAsync(StoredJob job, DriverTurn turn, DriverPause pause, CancellationToken cancellationToken)
    {
        var released = job.Head with { Owner = null, LeaseFor = TimeSpan.Zero, Turn = turn with { Postponements = turn.Postponements + 1, At = pause.Until } };
        if (await jobs.WriteAsync(job, released, [], CancellationToken.None) is not null)
        {
            return pause;
        }

        // Somebody has decided something in between: what was about to be waited for may have changed.
        var read = await ReadAsync(job);
        return jobs.IsOurs(read, job.Head.Epoch) ? await DriveAsync(read, turn, cancellationToken) : null;
    }

    private async Task<StoredJob> ReadAsync(StoredJob job) =>
        await jobs.ReadAsync(job.Head.Request.Key, CancellationToken.None) ?? throw new LedgerUnavailableException($"The ledger has lost job {job.Head.Request.Key}.");
}

/// <summary>When the driver's message should come back, and why.</summary>
internal sealed record DriverPause(DateTimeOffset Until, string Why);

/// <summary>Time and the log of a driver.</summary>
internal sealed partial class JobClock(TimeProvider clock, Func<double> chance, ILogger<JobDriver> logger)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Later = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan Latest = TimeSpan.FromSeconds(30);
    private const int FewRequests = 10;

    public DateTimeOffset Now => clock.GetUtcNow();

    /// <summary>Cancelled after that time.</summary>
    public CancellationTokenSource Until(TimeSpan over) => new(over, clock);

    /// <summary>Few requests have ended sooner, and those that wait for long, under a hold or for a quota, go on waiting; chance spreads the drivers of many jobs.</summary>
    public DateTimeOffset NextLook(Portion? open)
    {
        var soonest = open?.Count < FewRequests ? Soon : Later;
        var tenth = (Now - open?.IssuedAt) / 10 ?? TimeSpan.Zero;
        return Now + (tenth < soonest ? soonest : tenth > Latest ? Latest : tenth) * (1 + (0.25 * chance()));
    }

    public void NotIssued(JobKey job, Exception error) => Log.NotIssued(logger, job.JobId, job.Account, error);

    private static partial class Log
    {
        [LoggerMessage(670, LogLevel.Warning, "The bus did not take the requests of job {JobId} of account {Account}; they are sent again.")]
        public static partial void NotIssued(ILogger logger, string jobId, string account, Exception error);
    }
}
