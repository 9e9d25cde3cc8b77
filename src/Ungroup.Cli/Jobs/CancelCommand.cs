using System.CommandLine;
using Ungroup.Intake;

namespace Ungroup.Cli.Jobs;

/// <summary><c>ungroup job cancel</c>: nothing more is issued.</summary>
internal static class CancelCommand
{
    public static Command Build(Shell shell)
    {
        var by = new Option<string?>("--by") { Description = "Who [default: your name on this machine]", HelpName = "NAME" };
        var reason = new Option<string?>("--reason") { Description = "Why; whoever asks about the job reads it", HelpName = "TEXT" };
        var command = new ExampleCommand(
            "cancel", "Ends a job: nothing more of it is issued, and what is under way ends. Saying it twice is no mistake.", "ungroup job cancel JOB-7 --reason \"wrong group\"");
        var which = new JobArguments(command, "The job's status as one JSON object, for programs", sends: true);
        command.Options.Add(by);
        command.Options.Add(reason);
        which.AddSettingsTo(command);
        command.SetAction((arguments, stop) => OpenedJobs.SendAsync(
            shell,
            () => which.Settings(arguments),
            mustAnswer: false,
            async jobs => await JobStatusCommand.SayAsync(
                await jobs.Desk.CancelAsync(
                    which.Job(arguments), which.Account(arguments), OrderBody.Of(("by", arguments.GetValue(by) ?? Environment.UserName), ("reason", arguments.GetValue(reason))),
                    JobCaller.AtCommandLine, stop),
                jobs, which, arguments, shell, stop),
            stop));
        return command;
    }
}
