using Ungroup.Display;
using Ungroup.Intake;

namespace Ungroup.Cli.Jobs;

/// <summary>The answer to a job that was asked for: a word at once, or its end for those who wait.</summary>
internal sealed class Submission(OpenedJobs jobs, Shell shell, WatchOrder order)
{
    /// <param name="reply">The desk's.</param>
    /// <param name="waits">Until it has ended.</param>
    /// <param name="stop">Ends the waiting.</param>
    /// <returns>The exit code.</returns>
    public async Task<int> GoOnAsync(JobReply reply, bool waits, CancellationToken stop)
    {
        switch (reply)
        {
            case JobReply.Taken { JobId: var job, Account: var account, IsNew: var isNew }:
                return await GoOnAsync(job, account, isNew ? "is written down" : "was written down before, and is the same", waits, stop);

            case JobReply.Unconfirmed { JobId: var job, Account: var account, Sentence: var sentence }:
                shell.Error.WriteLine($"ungroup: {sentence}");
                return await GoOnAsync(job, account, "is written down", waits, stop);

            default:
                return shell.Refuse(reply);
        }
    }

    private async Task<int> GoOnAsync(string job, string account, string how, bool waits, CancellationToken stop)
    {
        if (order.Shape == Shape.Lines)
        {
            shell.Out.WriteLine(DisplayText.Line($"Job {job} {how}.{(waits ? "" : $" ungroup job watch {JobWords.Called(job, account)} shows how it goes on.")}"));
        }
        else if (!waits && await jobs.Query.ReadAsync(job, account, stop) is JobReply.Told told)
        {
            shell.Out.WriteLine(DisplayJson.Escape(told.ToJson()));
        }

        return waits ? await new JobWatch(jobs.Query, job, account, shell).RunAsync(order, stop) : ExitCode.Done;
    }
}
