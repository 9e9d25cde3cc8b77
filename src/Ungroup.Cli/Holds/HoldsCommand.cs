using System.CommandLine;
using Ungroup.Cli.Status;
using Ungroup.Cli.Worker;

namespace Ungroup.Cli.Holds;

/// <summary><c>ungroup holds</c>: the holds in force.</summary>
internal static class HoldsCommand
{
    public static Command Build(Shell shell)
    {
        var json = new Option<bool>("--json") { Description = "One JSON array, for programs" };
        var settings = new SettingOptions("--ledger", "--ledger-path");
        var command = new Command("holds", "Lists the holds in force: what waits, since when, by whom and why.");
        command.Options.Add(json);
        settings.AddTo(command);
        command.SetAction((arguments, stop) => LookedAtLedger.AskAsync(
            shell,
            () => settings.Read(arguments),
            async ledger =>
            {
                var holds = await ledger.Holds.ReadAsync(stop);
                foreach (var line in arguments.GetValue(json) ? [HoldWords.Json(holds)] : holds.Count == 0 ? ["Nothing is held."] : holds.Select(HoldWords.Of))
                {
                    shell.Out.WriteLine(line);
                }

                return ExitCode.Done;
            }));
        return command;
    }
}
