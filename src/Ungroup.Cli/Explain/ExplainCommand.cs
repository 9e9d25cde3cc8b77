using System.CommandLine;
using Spectre.Console;
using Ungroup.Cli.Worker;

namespace Ungroup.Cli.Explain;

/// <summary><c>ungroup explain</c>: prints what this build does from the tables and settings it works by.</summary>
internal sealed class ExplainCommand
{
    private const int WidthOfPipes = 160;

    private readonly SettingOptions _settings = new();
    private readonly Option<bool> _all = new("--all") { Description = "Print everything there is: every setting, step, wait and code" };

    private readonly Option<string?> _only = new("--only")
    {
        Description = $"Print one section, and all of it: {string.Join(", ", ExplainSection.All.Select(section => section.Name))}",
        HelpName = "SECTION",
    };

    private ExplainCommand() => _only.AcceptOnlyFromAmong([.. ExplainSection.All.Select(section => section.Name)]);

    public static Command Build(Shell shell)
    {
        var explain = new ExplainCommand();
        var command = new Command("explain", "Says what is closed now, what is known of the quotas, and which settings differ from their defaults; with --all, also how this build works.");
        command.Options.Add(explain._all);
        command.Options.Add(explain._only);
        explain._settings.AddTo(command);
        command.SetAction((arguments, stop) => explain.RunAsync(arguments, shell, stop));
        return command;
    }

    private async Task<int> RunAsync(ParseResult arguments, Shell shell, CancellationToken stop)
    {
        try
        {
            var (configuration, only, all) = (_settings.Read(arguments), arguments.GetValue(_only), arguments.GetValue(_all));
            var explained = new Explained(shell, configuration, EffectiveSettings.Of(configuration), IsWhole: all || only is not null);
            if (!shell.Console.Profile.Out.IsTerminal)
            {
                shell.Console.Profile.Width = WidthOfPipes;
            }

            foreach (var section in ExplainSection.All.Where(section => only is null ? all || section.IsUsual : section.Name == only))
            {
                shell.Console.Head(section.Title);
                await section.PrintAsync(explained, stop);
            }

            if (!explained.IsWhole)
            {
                shell.Console.WriteLine();
                shell.Console.MarkupLine("[grey]--all says everything; --only settings, or another section, all of that.[/]");
            }

            return ExitCode.Done;
        }
        catch (BadSettingsException bad)
        {
            return shell.Refuse(bad.Sentences);
        }
    }
}
