using System.CommandLine;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Ungroup.Cli.Worker;
using Ungroup.Display;
using Ungroup.Ledger;

namespace Ungroup.Cli.Status;

internal sealed class StatusCommand
{
    private readonly Argument<string> _requestId = new("request") { Description = "The request's id", HelpName = "REQUEST-ID" };
    private readonly Option<string> _account = new("--account") { Description = "The account the request named", HelpName = "NAME", DefaultValueFactory = _ => "default" };
    private readonly SettingOptions _settings = new("--ledger", "--ledger-path");

    private StatusCommand()
    {
    }

    public static Command Build(Shell shell)
    {
        var status = new StatusCommand();
        var command = new Command("status", "Says where a request is: who works on it, until when it waits, or how it has ended.");
        command.Arguments.Add(status._requestId);
        command.Options.Add(status._account);
        status._settings.AddTo(command);
        command.SetAction((arguments, stop) => status.RunAsync(arguments, shell, stop));
        return command;
    }

    private Task<int> RunAsync(ParseResult arguments, Shell shell, CancellationToken stop) => LookedAtLedger.AskAsync(
        shell,
        () => _settings.Read(arguments),
        async ledger =>
        {
            var key = new LedgerKey(arguments.GetRequiredValue(_account), arguments.GetRequiredValue(_requestId));
            var found = await ledger.Store.ReadAsync(key, stop);
            foreach (var line in found is null ? [DisplayText.Line($"The ledger knows no request {key.RequestId} of account {key.Account}.")] : Words.Of(found))
            {
                shell.Out.WriteLine(line);
            }

            return found is null ? ExitCode.NotDone : ExitCode.Done;
        });
}
