using System.CommandLine;
using Spectre.Console;
using Ungroup.Cli.Worker;

namespace Ungroup.Cli.Explain;

/// <summary><c>ungroup explain</c>: what this build does, from the same tables and settings that it works by.</summary>
internal static class ExplainCommand
{
    private const int WidthOfPipes = 160;

    public static Command Build(Shell shell)
    {
        var settings = new SettingOptions();
        var command = new Command("explain", "Prints the steps, the fault table, the times of retries and the settings in effect.");
        settings.AddTo(command);
        command.SetAction(arguments => Run(settings, arguments, shell));
        return command;
    }

    private static int Run(SettingOptions options, ParseResult arguments, Shell shell)
    {
        try
        {
            var settings = EffectiveSettings.Of(options.Read(arguments));
            if (!shell.Console.Profile.Out.IsTerminal)
            {
                shell.Console.Profile.Width = WidthOfPipes;
            }

            Steps.Print(shell.Console, settings);
            FaultTable.Print(shell.Console);
            RetryTimes.Print(shell.Console, settings.Ecs);
            SettingTable.Print(shell.Console, settings);
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
