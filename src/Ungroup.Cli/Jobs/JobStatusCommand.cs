using System.CommandLine;
using Ungroup.Display;
using Ungroup.Intake;

namespace Ungroup.Cli.Jobs;

/// <summary><c>ungroup job status</c>.</summary>
internal static class JobStatusCommand
{
    public static Command Build(Shell shell)
    {
        var command = new ExampleCommand(
            "status", "Says how far a job is, what failed and why, and who has decided what about it.", "ungroup job status JOB-7", "ungroup job status JOB-7 --json");
        var which = new JobArguments(command, "The status as one JSON object, for programs");
        which.AddSettingsTo(command);
        command.SetAction((arguments, stop) => OpenedJobs.AskAsync(
            shell,
            () => which.Settings(arguments),
            jobs => SayAsync(jobs, which, arguments, shell, stop)));
        return command;
    }

    /// <summary>The job once it was decided about, or why nothing was.</summary>
    public static async Task<int> SayAsync(JobReply decided, OpenedJobs jobs, JobArguments which, ParseResult arguments, Shell shell, CancellationToken stop) =>
        decided is JobReply.Told ? await SayAsync(jobs, which, arguments, shell, stop) : shell.Refuse(decided);

    /// <summary>The job as it is, with what has ended of the portion under way.</summary>
    public static async Task<int> SayAsync(OpenedJobs jobs, JobArguments which, ParseResult arguments, Shell shell, CancellationToken stop)
    {
        var reply = await jobs.Query.ReadAsync(which.Job(arguments), which.Account(arguments), stop);
        if (reply is not JobReply.Told told)
        {
            return shell.Refuse(reply);
        }

        foreach (var line in which.IsJson(arguments) ? [DisplayJson.Escape(told.ToJson())] : JobWords.Of(told.Job))
        {
            shell.Out.WriteLine(line);
        }

        return ExitCode.Done;
    }
}
