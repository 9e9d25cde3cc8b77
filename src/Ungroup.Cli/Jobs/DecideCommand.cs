using System.CommandLine;
using Ungroup.Intake;

namespace Ungroup.Cli.Jobs;

/// <summary><c>ungroup job approve</c> and <c>reject</c>: a decision about a plan.</summary>
internal static class DecideCommand
{
    private const string Example = "JOB-7 --plan sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08 --by alice";

    public static Command Approve(Shell shell) => Build(
        shell, "approve", "Lets the plan of a job run: the whole hash, once, before its time is over, and not by whoever asked for it.", $"ungroup job approve {Example}");

    public static Command Reject(Shell shell) => Build(
        shell, "reject", "Ends a job whose plan waits for an approval; nothing of it is done.", $"ungroup job reject {Example} --reason \"db hosts are in it\"");

    private static ExampleCommand Build(Shell shell, string decision, string description, string example)
    {
        var plan = new Option<string>("--plan") { Description = "The hash of the plan, as ungroup job status says it, all of it", HelpName = "SHA256", Required = true };
        var by = new Option<string>("--by") { Description = "Who decides", HelpName = "NAME", Required = true };
        var reason = new Option<string?>("--reason") { Description = "Why", HelpName = "TEXT" };
        var command = new ExampleCommand(decision, description, example);
        var which = new JobArguments(command, "The job's status as one JSON object, for programs", sends: true);
        foreach (var option in (ReadOnlySpan<Option>)[plan, by, reason])
        {
            command.Options.Add(option);
        }

        which.AddSettingsTo(command);
        command.SetAction((arguments, stop) => OpenedJobs.SendAsync(
            shell,
            () => which.Settings(arguments),
            mustAnswer: false,
            async jobs => await JobStatusCommand.SayAsync(
                await jobs.Desk.DecideAsync(
                    which.Job(arguments), which.Account(arguments),
                    OrderBody.Of(("plan", arguments.GetValue(plan)), ("by", arguments.GetValue(by)), ("decision", decision), ("reason", arguments.GetValue(reason))),
                    JobCaller.AtCommandLine, stop),
                jobs, which, arguments, shell, stop),
            stop));
        return command;
    }
}
