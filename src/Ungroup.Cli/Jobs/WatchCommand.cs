using System.CommandLine;
using Ungroup.Intake;

namespace Ungroup.Cli.Jobs;

/// <summary><c>ungroup job watch</c>: follows a job to its end.</summary>
internal static class WatchCommand
{
    public static Command Build(Shell shell)
    {
        var command = new ExampleCommand(
            "watch", "Shows how a job goes on, until it has ended: exit code 0 only if it is Completed and nothing failed. Leaving does not end the job.",
            "ungroup job watch JOB-7", "ungroup job watch JOB-7 --timeout 30m --json");
        var which = new JobArguments(command, "A JSON object in a line for each change, for programs");
        var options = new WatchOptions();
        options.AddTo(command);
        which.AddSettingsTo(command);
        command.SetAction((arguments, stop) => OpenedJobs.AskAsync(
            shell,
            () => which.Settings(arguments),
            async jobs => await jobs.Query.ReadAsync(which.Job(arguments), which.Account(arguments), stop) is not JobReply.Told and var reply
                ? shell.Refuse(reply)
                : await new JobWatch(jobs.Query, which.Job(arguments), which.Account(arguments), shell)
                    .RunAsync(options.HowIn(arguments, which.IsJson(arguments) ? Shape.Json : Shape.Lines), stop)));
        return command;
    }
}
