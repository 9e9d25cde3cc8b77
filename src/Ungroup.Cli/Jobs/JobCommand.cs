using System.CommandLine;

namespace Ungroup.Cli.Jobs;

/// <summary><c>ungroup job …</c>: one change for many resources, under one name.</summary>
internal static class JobCommand
{
    public static Command Build(Shell shell) => new("job", "Submits, follows, approves and ends jobs: one change for many resources, under one name.")
    {
        SubmitCommand.Build(shell),
        JobStatusCommand.Build(shell),
        WatchCommand.Build(shell),
        JobListCommand.Build(shell),
        ResultsCommand.Build(shell),
        DecideCommand.Approve(shell),
        DecideCommand.Reject(shell),
        CancelCommand.Build(shell),
        FollowUpCommand.Retry(shell),
        FollowUpCommand.Restore(shell),
    };
}
