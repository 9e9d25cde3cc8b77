using System.CommandLine;
using Ungroup.Cli.Status;
using Ungroup.Cli.Worker;
using Ungroup.Display;
using Ungroup.Intake;

namespace Ungroup.Cli.Holds;

/// <summary><c>ungroup resume</c>: ends holds, by id or by what they cover.</summary>
internal sealed class ResumeCommand
{
    private readonly Argument<string?> _id = new("hold") { Description = "The hold's id, as ungroup holds says it", HelpName = "HOLD-ID", Arity = ArgumentArity.ZeroOrOne };
    private readonly HoldScopeOptions _scope = new();
    private readonly Option<bool> _all = new("--all") { Description = "Every hold there is" };
    private readonly Option<bool> _json = new("--json") { Description = "The holds that were ended as one JSON array, for programs" };
    private readonly SettingOptions _settings = new("--ledger", "--ledger-path");

    private ResumeCommand()
    {
    }

    public static Command Build(Shell shell)
    {
        var resume = new ResumeCommand();
        var command = new Command(
            "resume", "Ends holds; what waits is back within five minutes: ungroup resume 3fa85f64, or ungroup resume --group sg-web for all holds on that group.");
        command.Arguments.Add(resume._id);
        resume._scope.AddTo(command);
        command.Options.Add(resume._all);
        command.Options.Add(resume._json);
        resume._settings.AddTo(command);
        command.SetAction((arguments, stop) => resume.RunAsync(arguments, shell, stop));
        return command;
    }

    private Task<int> RunAsync(ParseResult arguments, Shell shell, CancellationToken stop) => LookedAtLedger.AskAsync(
        shell,
        () => _settings.Read(arguments),
        async ledger =>
        {
            var holds = await ledger.Holds.ReadAsync(stop);
            var named = _scope.ScopeIn(arguments);
            var meant = holds.Where(hold => (arguments.GetValue(_id) is not { } id || id == hold.Id) && HoldWords.ScopeOf(hold).IsWithin(named)).ToList();
            if (meant.Count > 1 && arguments.GetValue(_id) is null && named == HoldScopeOptions.Everything && !arguments.GetValue(_all))
            {
                return shell.Refuse([$"There are {meant.Count} holds; say which, or --all.", .. meant.Select(HoldWords.Of)]);
            }

            List<ToldHold> ended = [];
            foreach (var hold in meant)
            {
                if (await ledger.Holds.LiftAsync(hold.Id, stop) is HoldAnswer.Lifted { Hold: var lifted })
                {
                    ended.Add(lifted);
                }
            }

            Say(ended, holds, shell, arguments.GetValue(_json));
            return ended.Count > 0 ? ExitCode.Done : ExitCode.NotDone;
        });

    private static void Say(List<ToldHold> ended, IReadOnlyList<ToldHold> holds, Shell shell, bool json)
    {
        if (json)
        {
            shell.Out.WriteLine(HoldWords.Json(ended));
            return;
        }

        foreach (var hold in ended)
        {
            shell.Out.WriteLine($"Ended: {HoldWords.Of(hold)}");
        }

        shell.Out.WriteLine(
            ended.Count > 0 ? "What waits is back within five minutes."
            : holds.Count == 0 ? "There is no hold."
            : DisplayText.Line($"No hold was meant; there are {holds.Count}: {string.Join(", ", holds.Select(hold => hold.Id))}."));
    }
}
