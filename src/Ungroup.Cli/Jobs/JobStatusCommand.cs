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
            async jobs => await jobs.Query.ReadAsync(which.Job(arguments), which.Account(arguments), stop) switch
            {
                JobReply.Told told => Say(told, which.IsJson(arguments), shell),
                var reply => shell.Refuse(reply),
            }));
        return command;
    }

    /// <summary>The job as it is.</summary>
    public static int Say(JobReply.Told told, bool isJson, Shell shell)
    {
        foreach (var line in isJson ? [DisplayJson.Escape(told.ToJson())] : JobWords.Of(told.Job))
        {
            shell.Out.WriteLine(line);
        }

        return ExitCode.Done;
    }
}
