using System.CommandLine;
using Ungroup.Cli.Worker;
using Ungroup.Display;
using Ungroup.Intake;

namespace Ungroup.Cli.Jobs;

/// <summary><c>ungroup job list</c>: the newest first.</summary>
internal static class JobListCommand
{
    public static Command Build(Shell shell)
    {
        var state = Text("--state", "Only those that are Scheduled, Planning, AwaitingApproval, Running, Stopping or Ended", "STATE");
        var account = Text("--account", "Only those of this account [default: any]", "NAME");
        var limit = Text("--limit", "The most that are listed, 200 at most [default: 50]", "NUMBER");
        var after = Text("--after", "Goes on where the list before said", "PLACE");
        var json = new Option<bool>("--json") { Description = "One JSON object with jobs, and with next where there may be more" };
        var settings = new SettingOptions("--ledger", "--ledger-path");
        var command = new ExampleCommand("list", "Lists jobs, the newest first.", "ungroup job list", "ungroup job list --state AwaitingApproval --json");
        foreach (var option in (ReadOnlySpan<Option>)[state, account, limit, after, json])
        {
            command.Options.Add(option);
        }

        settings.AddTo(command);
        command.SetAction((arguments, stop) => OpenedJobs.AskAsync(
            shell,
            () => settings.Read(arguments),
            async jobs =>
            {
                var reply = await jobs.Query.ListAsync(arguments.GetValue(state), arguments.GetValue(account), arguments.GetValue(limit), arguments.GetValue(after), stop);
                if (reply is not JobReply.Listed list)
                {
                    return shell.Refuse(reply);
                }

                Say(list, arguments.GetValue(json), shell);
                return ExitCode.Done;
            }));
        return command;
    }

    private static void Say(JobReply.Listed list, bool isJson, Shell shell)
    {
        if (isJson)
        {
            shell.Out.WriteLine(DisplayJson.Escape(list.ToJson()));
            return;
        }

        foreach (var line in list.Page.Jobs.Select(JobWords.Short))
        {
            shell.Out.WriteLine(line);
        }

        if (list.Page is { Jobs.Count: 0, Next: null })
        {
            shell.Out.WriteLine("There is no such job.");
        }

        if (list.Page.Next is { } next)
        {
            shell.Out.WriteLine($"There may be more: --after {next}");
        }
    }

    private static Option<string?> Text(string name, string description, string helpName) => new(name) { Description = description, HelpName = helpName };
}
