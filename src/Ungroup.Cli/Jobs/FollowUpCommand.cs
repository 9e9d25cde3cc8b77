using System.CommandLine;
using Ungroup.Intake;

namespace Ungroup.Cli.Jobs;

/// <summary><c>ungroup job retry</c> and <c>restore</c>: a new job of one that has ended.</summary>
internal static class FollowUpCommand
{
    public static Command Retry(Shell shell) => Build(
        shell, "retry", "Asks once more for what failed or never started in a job that has ended, as a new job. It needs an approval of its own.",
        (desk, key, order, stop) => desk.RetryAsync(key.Job, key.Account, order, JobCaller.AtCommandLine, stop), "ungroup job retry JOB-7 --reason \"the disks are detached now\" --wait");

    public static Command Restore(Shell shell) => Build(
        shell, "restore", "Undoes each change of a job that has ended, as a new job. Asked for twice it is one.",
        (desk, key, order, stop) => desk.RestoreAsync(key.Job, key.Account, order, JobCaller.AtCommandLine, stop), "ungroup job restore JOB-7 --reason \"the old firewall is needed until May\" --wait",
        new("--force") { Description = "Go on where others have changed the groups since, and keep what they have added" });

    private static ExampleCommand Build(
        Shell shell, string name, string description, Func<JobDesk, (string Job, string Account), ReadOnlyMemory<byte>, CancellationToken, Task<JobReply>> askAsync, string example,
        Option<bool>? force = null)
    {
        var by = new Option<string?>("--by") { Description = "Who asks [default: your name on this machine]", HelpName = "NAME" };
        var reason = new Option<string?>("--reason") { Description = "Why; kept as evidence [default: that of the job]", HelpName = "TEXT" };
        var wait = new Option<bool>("--wait") { Description = "Wait until it has ended: exit code 0 only if it is Completed and nothing failed" };
        var watch = new WatchOptions();
        var command = new ExampleCommand(name, description, example);
        var which = new JobArguments(command, "The new job's status as one JSON object, for programs", sends: true);
        foreach (var option in ((Option?[])[by, reason, force, wait]).OfType<Option>())
        {
            command.Options.Add(option);
        }

        watch.AddTo(command);
        which.AddSettingsTo(command);
        command.SetAction((arguments, stop) => OpenedJobs.SendAsync(
            shell,
            () => which.Settings(arguments),
            mustAnswer: true,
            async jobs =>
            {
                var order = OrderBody.Of(("by", arguments.GetValue(by) ?? Environment.UserName), ("reason", arguments.GetValue(reason)), ("force", force is not null && arguments.GetValue(force) ? true : null));
                var reply = await askAsync(jobs.Desk, (which.Job(arguments), which.Account(arguments)), order, stop);
                return await new Submission(jobs, shell, watch.HowIn(arguments, which.IsJson(arguments) ? Shape.LastJson : Shape.Lines)).GoOnAsync(reply, arguments.GetValue(wait), stop);
            },
            stop));
        return command;
    }
}
