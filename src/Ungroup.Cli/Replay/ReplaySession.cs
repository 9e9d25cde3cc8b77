using Azure.Messaging.ServiceBus;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Ungroup.Cli.Worker;
using Ungroup.Display;
using Ungroup.Ledger;
using Ungroup.Requests;
using Ungroup.ServiceBus;

namespace Ungroup.Cli.Replay;

internal sealed class ReplaySession(IServiceProvider services, ReplayOrder order, Shell shell)
{
    private const int MostNamed = 10;

    private readonly BusAddress _bus = services.GetRequiredService<IOptions<WorkerOptions>>().Value.Address;
    private readonly RemovalLedger _ledger = services.GetRequiredService<RemovalLedger>();
    private readonly string _mark = Guid.NewGuid().ToString("N");

    public async Task<int> RunAsync(CancellationToken stop)
    {
        try
        {
            var client = services.GetRequiredService<ServiceBusClient>();
            var check = new BusCheck(client, _bus, new Redial(shell.Clock, shell.Chance), shell.Clock);
            if (await check.FindProblemsAsync([order.Queue], [order.Queue], stop) is { Count: > 0 } problems)
            {
                return shell.Refuse(problems);
            }

            await using var letters = new DeadLetters(client, order.Queue);
            var reader = new LetterReader(letters, services.GetRequiredService<RequestReader>(), _ledger);
            var survey = await Survey.OfAsync(letters, reader, order.AtMost, stop);
            Say(survey);
            return survey.Hopeless.Count > 0 && !order.SkipInvalid ? Stopped("nothing was sent. Correct it where it is made, or leave such letters with --skip-invalid.")
                : order.DryRun || survey.Sendable == 0 ? ExitCode.Done
                : await SendAsync(letters, reader, survey, stop);
        }
        catch (Exception exception) when (BusFailure.Is(exception) || exception is LedgerUnavailableException)
        {
            return Stopped($"{order.Queue} at {_bus}: {BusFailure.Say(exception)}. Running it again is safe: what was done is not done again.");
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return Stopped("it was interrupted. Running it again is safe: what was done is not done again.");
        }
    }

    private async Task<int> SendAsync(DeadLetters letters, LetterReader reader, Survey survey, CancellationToken stop)
    {
        var watch = new OutcomeWatch(_ledger, letters, new(_mark, survey.After, order.Patience, shell.Clock));
        var run = new ReplayRun(letters, reader, watch, new(_mark, order.SkipInvalid), shell);
        string? why;
        try
        {
            why = await run.RunAsync(survey, stop);
        }
        finally
        {
            await run.ReleaseAllAsync();
            shell.Out.WriteLine($"{run.Sent} of {survey.Letters} dead letters sent back to {order.Queue}, {survey.Letters - run.Sent} left.");
        }

        return why is null ? ExitCode.Done
            : Stopped($"{why} Find out why before the rest is sent; docs/operating.md says where to look. Running it again begins with another letter.");
    }

    private void Say(Survey survey)
    {
        shell.Out.WriteLine($"{order.Queue} at {_bus}: {survey.Letters} dead letters; {survey.Sendable} can be sent, {survey.Done} only to be told again"
            + (survey.Canary is { } canary ? $"; {DisplayText.Of(canary.MessageId)} would be the first." : "."));
        foreach (var (messageId, why) in survey.Hopeless.Take(MostNamed))
        {
            shell.Error.WriteLine(DisplayText.Line($"{DisplayText.Of(messageId)}: {why}"));
        }

        if (survey.Hopeless.Count > MostNamed)
        {
            shell.Error.WriteLine($"and {survey.Hopeless.Count - MostNamed} more.");
        }
    }

    private int Stopped(string why)
    {
        shell.Error.WriteLine(DisplayText.Line($"ungroup: stopped: {why}"));
        return ExitCode.NotDone;
    }
}

internal sealed record ReplayOrder(string Queue, int AtMost, TimeSpan Patience, bool DryRun, bool SkipInvalid)
{
    public string? Problem => AtMost < 1 ? $"--max was {AtMost}; expected at least 1."
        : Patience <= TimeSpan.Zero ? $"--patience was {Patience}; expected more than nothing, such as 00:02:00."
        : string.IsNullOrWhiteSpace(Queue) ? "--queue was empty; expected the name of a queue."
        : null;
}
