using System.CommandLine;
using System.CommandLine.Parsing;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Ungroup.Cli.Sandbox;
using Ungroup.Cli.Status;
using Ungroup.Cli.Worker;
using Ungroup.Settings;
using Ungroup.Settings.Reading;

namespace Ungroup.Cli.Replay;

internal sealed class ReplayCommand
{
    private readonly SettingOptions _settings = new("--bus", "--region", "--ledger", "--ledger-path");

    private readonly Option<string> _queue = new("--queue")
    {
        Description = "The queue whose dead letters are sent back to it",
        HelpName = "NAME",
        DefaultValueFactory = _ => Cloud.Requests,
    };

    private readonly Option<int?> _max = new("--max") { Description = "Send at most so many [default: all]", HelpName = "NUMBER" };

    private readonly Option<TimeSpan> _patience = new("--patience")
    {
        Description = "How long to wait for the outcomes of what was sent, with its unit, such as 90s or 5m [default: 2m]",
        HelpName = "TIME",
        CustomParser = Patience,
    };

    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "Say what would be sent, and send nothing" };
    private readonly Option<bool> _skipInvalid = new("--skip-invalid") { Description = "Leave letters that would come back where they are, and send the others" };

    private static readonly TimeSpan UsualPatience = TimeSpan.FromMinutes(2);

    private ReplayCommand()
    {
    }

    public static Command Build(Shell shell)
    {
        var replay = new ReplayCommand();
        var command = new Command("replay", "Sends dead letters back to their queue: one first, and the rest only if it ends well.");
        replay._settings.AddTo(command);
        foreach (var option in (ReadOnlySpan<Option>)[replay._queue, replay._max, replay._patience, replay._dryRun, replay._skipInvalid])
        {
            command.Options.Add(option);
        }

        command.SetAction((arguments, stop) => replay.RunAsync(arguments, shell, stop));
        return command;
    }

    private async Task<int> RunAsync(ParseResult arguments, Shell shell, CancellationToken stop)
    {
        var order = new ReplayOrder(
            arguments.GetRequiredValue(_queue), arguments.GetValue(_max) ?? int.MaxValue, arguments.GetResult(_patience) is null ? UsualPatience : arguments.GetValue(_patience),
            arguments.GetValue(_dryRun), arguments.GetValue(_skipInvalid));
        if (order.Problem is { } problem)
        {
            return shell.Refuse(problem);
        }

        try
        {
            using var host = Open(arguments, shell);
            return await new ReplaySession(host.Services, order, shell).RunAsync(stop);
        }
        catch (BadSettingsException bad)
        {
            return shell.Refuse(bad.Sentences);
        }
    }

    private static TimeSpan Patience(ArgumentResult given)
    {
        if (given.Tokens is [var token] && Duration.TryParse(token.Value, out var patience))
        {
            return patience;
        }

        given.AddError($"--patience was {string.Join(' ', given.Tokens.Select(one => one.Value))}; expected {Duration.Expected}.");
        return default;
    }

    // The worker's own host, never started: a replay looks at what it would read and write.
    private IHost Open(ParseResult arguments, Shell shell)
    {
        var settings = _settings.Read(arguments);
        if (WorkerSettings.Strict(settings) is { Problems.Count: 0 } strict)
        {
            LookedAtLedger.Check(strict.Values);
        }

        return WorkerHost.Build(
            settings, new WorkerSurroundings(shell.Clock, shell.Chance, DeliveryWatch.None, _ => { }), logging => logging.SetMinimumLevel(LogLevel.None));
    }
}
