using System.CommandLine;
using Spectre.Console;
using Ungroup.Circuits;
using Ungroup.Cli.Worker;
using Ungroup.Quotas;

namespace Ungroup.Cli.Explain;

/// <summary><c>ungroup explain</c>: what this build does, from the same tables and settings that it works by.</summary>
internal static class ExplainCommand
{
    private const int WidthOfPipes = 160;

    public static Command Build(Shell shell)
    {
        var settings = new SettingOptions();
        var command = new Command("explain", "Prints the steps, the fault table, the times of retries, the settings in effect, what is known of the quotas and what is closed now.");
        settings.AddTo(command);
        command.SetAction((arguments, stop) => RunAsync(settings, arguments, shell, stop));
        return command;
    }

    private static async Task<int> RunAsync(SettingOptions options, ParseResult arguments, Shell shell, CancellationToken stop)
    {
        try
        {
            var configuration = options.Read(arguments);
            var settings = EffectiveSettings.Of(configuration);
            if (!shell.Console.Profile.Out.IsTerminal)
            {
                shell.Console.Profile.Width = WidthOfPipes;
            }

            Steps.Print(shell.Console, settings);
            FaultTable.Print(shell.Console);
            RetryTimes.Print(shell.Console, settings.Ecs, settings.Pace);
            SettingTable.Print(shell.Console, settings);
            await ToldByTheLedger.PrintAsync(
                shell, configuration, "What is known of the quotas",
                (store, asked) => LearnedQuotas.DescribeAsync(store, settings.Pace.Reserve, asked), stop);
            await ToldByTheLedger.PrintAsync(shell, configuration, "Closed now", CircuitNote.DescribeAsync, stop);
            return ExitCode.Done;
        }
        catch (BadSettingsException bad)
        {
            return shell.Refuse(bad.Sentences);
        }
    }

    public static void Head(this IAnsiConsole console, string title)
    {
        console.WriteLine();
        console.Write(new Rule($"[bold]{title}[/]") { Justification = Justify.Left, Style = Style.Parse("grey") });
    }
}
