using System.CommandLine;
using System.Text.Json.Nodes;
using Ungroup.Cli.Status;
using Ungroup.Cli.Worker;
using Ungroup.Display;
using Ungroup.Holds;
using Ungroup.Intake;
using Ungroup.Messages;

namespace Ungroup.Cli.Holds;

/// <summary><c>ungroup pause</c>: puts a hold.</summary>
internal sealed class PauseCommand
{
    private readonly HoldScopeOptions _scope = new();
    private readonly Option<string> _reason = new("--reason") { Description = "Why; whoever finds their request waiting reads it", HelpName = "TEXT", Required = true };
    private readonly Option<string?> _for = new("--for") { Description = "How long, such as 30m or 2h [default: until ungroup resume]", HelpName = "TIME" };
    private readonly Option<string?> _by = new("--by") { Description = "Who [default: your name on this machine]", HelpName = "NAME" };
    private readonly Option<bool> _json = new("--json") { Description = "The hold as one JSON object, for programs" };
    private readonly SettingOptions _settings = new("--ledger", "--ledger-path");

    private PauseCommand()
    {
    }

    public static Command Build(Shell shell)
    {
        var pause = new PauseCommand();
        var command = new Command(
            "pause", "Holds requests back within two seconds, whatever worker has them: ungroup pause --group sg-web --reason \"change freeze\" --for 2h");
        pause._scope.AddTo(command);
        foreach (var option in (ReadOnlySpan<Option>)[pause._reason, pause._for, pause._by, pause._json])
        {
            command.Options.Add(option);
        }

        pause._settings.AddTo(command);
        command.SetAction((arguments, stop) => pause.RunAsync(arguments, shell, stop));
        return command;
    }

    private Task<int> RunAsync(ParseResult arguments, Shell shell, CancellationToken stop) => LookedAtLedger.AskAsync(
        shell,
        () => _settings.Read(arguments),
        async ledger =>
        {
            switch (await ledger.Holds.PutAsync(OrderOf(arguments), nobody: "somebody at a command line", stop))
            {
                case HoldAnswer.Put { Hold: var hold } when arguments.GetValue(_json):
                    shell.Out.WriteLine(DisplayJson.Escape(hold.ToJson()));
                    return ExitCode.Done;

                case HoldAnswer.Put { Hold: var hold }:
                    shell.Out.WriteLine(HoldWords.Of(hold));
                    shell.Out.WriteLine(HoldWords.Expiring(hold.Expiring));
                    shell.Out.WriteLine(DisplayText.Line($"Workers obey it within two seconds; ungroup resume {hold.Id} ends it."));
                    return ExitCode.Done;

                case HoldAnswer.Invalid { Problems: var problems }:
                    return shell.Refuse(problems.Select(problem => problem.Sentence));

                default:
                    throw new System.Diagnostics.UnreachableException();
            }
        });

    private byte[] OrderOf(ParseResult arguments) => OrderBody.Of(
    [
        ("reason", arguments.GetValue(_reason)), ("by", arguments.GetValue(_by) ?? Environment.UserName), ("for", arguments.GetValue(_for)),
        .. _scope.In(arguments).Select(member => (member.Member, (JsonNode?)member.Value)),
    ]);
}

/// <summary>The scope of a hold on the command line.</summary>
internal sealed class HoldScopeOptions
{
    public static readonly HoldScope Everything = new(null, null, null);

    private static readonly string[] Origins = ["upstream", "incident", "cleanup"];

    private readonly Option<string?> _account = new("--account") { Description = "Requests of this account alone", HelpName = "NAME" };
    private readonly Option<string?> _group = new("--group") { Description = "Requests about this security group alone", HelpName = "SG-ID" };

    private readonly Option<string?> _origin = new("--origin")
    {
        Description = "Requests of this origin alone: upstream, cleanup, or incident, which is what came by the queue removals-incident",
        HelpName = "ORIGIN",
    };

    public HoldScopeOptions() => _origin.AcceptOnlyFromAmong(Origins);

    public void AddTo(Command command)
    {
        command.Options.Add(_account);
        command.Options.Add(_group);
        command.Options.Add(_origin);
    }

    /// <summary>By the member of an order; null where it was not given.</summary>
    public IEnumerable<(string Member, string? Value)> In(ParseResult arguments) =>
        [("account", arguments.GetValue(_account)), ("group", arguments.GetValue(_group)), ("origin", arguments.GetValue(_origin))];

    public HoldScope ScopeIn(ParseResult arguments) => new(
        arguments.GetValue(_account),
        arguments.GetValue(_group),
        arguments.GetValue(_origin) is { } origin ? Enum.Parse<Origin>(origin, ignoreCase: true) : null);
}
