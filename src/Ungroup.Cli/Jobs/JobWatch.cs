using System.Runtime.CompilerServices;
using Ungroup.Display;
using Ungroup.Intake;
using Ungroup.Jobs;
using Ungroup.Ledger;

namespace Ungroup.Cli.Jobs;

/// <summary>Looks at a job until it has ended, or until the one who waits has no more time.</summary>
internal sealed class JobWatch(JobQuery query, string jobId, string account, Shell shell)
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);

    // A store may be away for a moment while a job of hours goes on.
    private static readonly TimeSpan LongestAway = TimeSpan.FromMinutes(1);

    public async Task<int> RunAsync(WatchOrder order, CancellationToken stop)
    {
        var last = new LastLook();
        var looks = LookAsync(last, order.Patience, stop);
        await (order.Shape switch
        {
            Shape.Json => SayEachAsync(looks, job => DisplayJson.Escape(job.ToJson())),
            Shape.LastJson => SayEachAsync(looks, _ => null),
            _ when !order.IsPlain && shell.Console.Profile.Out.IsTerminal => new JobProgress(shell.Console).FollowAsync(looks),
            _ => SayEachAsync(looks, job => job.State == JobState.Ended ? null : JobWords.Progress(job)),
        });
        return SayLast(last, order, stop);
    }

    private int SayLast(LastLook last, WatchOrder order, CancellationToken stop)
    {
        if (last.Job is not { } job)
        {
            return ExitCode.NotDone;
        }

        foreach (var line in order.Shape switch { Shape.Lines => JobWords.Of(job), Shape.LastJson => [DisplayJson.Escape(job.ToJson())], _ => [] })
        {
            shell.Out.WriteLine(line);
        }

        if (job.State != JobState.Ended)
        {
            shell.Error.WriteLine(DisplayText.Line(
                $"ungroup: {(stop.IsCancellationRequested ? "interrupted" : "the time is over")}, and {jobId} is {job.State}: it goes on by itself, and ungroup job watch {JobWords.Called(job)} looks on."));
        }

        return JobWords.IsGood(job) ? ExitCode.Done : ExitCode.NotDone;
    }

    private async Task SayEachAsync(IAsyncEnumerable<JobView> looks, Func<JobView, string?> lineOf)
    {
        string? said = null;
        await foreach (var job in looks)
        {
            if (lineOf(job) is { } line && line != said)
            {
                shell.Out.WriteLine(said = line);
            }
        }
    }

    /// <summary>The job as often as it is looked at, the last time when it has ended.</summary>
    private async IAsyncEnumerable<JobView> LookAsync(LastLook last, TimeSpan? patience, [EnumeratorCancellation] CancellationToken stop)
    {
        var began = shell.Clock.GetTimestamp();
        while (last.Job?.State != JobState.Ended)
        {
            if (await ReadAsync(last) is { } job)
            {
                yield return last.Job = job;
            }

            if (last.Job?.State == JobState.Ended || stop.IsCancellationRequested || shell.Clock.GetElapsedTime(began) >= patience)
            {
                yield break;
            }

            await WaitAsync(stop);
        }
    }

    private async Task<JobView?> ReadAsync(LastLook last)
    {
        try
        {
            var job = (await query.ReadAsync(jobId, account, CancellationToken.None) as JobReply.Told)?.Job;
            last.At = shell.Clock.GetTimestamp();
            return job;
        }
        catch (LedgerUnavailableException) when (last.Job is not null && shell.Clock.GetElapsedTime(last.At) < LongestAway)
        {
            return null;
        }
    }

    private async Task WaitAsync(CancellationToken stop)
    {
        try
        {
            await Task.Delay(BetweenLooks, shell.Clock, stop);
        }
        catch (OperationCanceledException)
        {
            // The caller looks once more, and says where the job is.
        }
    }

    private sealed class LastLook
    {
        public JobView? Job { get; set; }

        public long At { get; set; }
    }
}
