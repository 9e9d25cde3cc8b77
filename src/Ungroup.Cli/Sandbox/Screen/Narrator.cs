using Spectre.Console;
using Ungroup.Cli.Sandbox.Lines;
using Ungroup.Cli.Terminal;
using Ungroup.Cli.Worker;
using Ungroup.Display;
using Ungroup.Messages;

namespace Ungroup.Cli.Sandbox.Screen;

internal sealed class Narrator(RunDisplay display, TimeProvider clock)
{
    /// <summary>Set once the subscriber is gone: then only the worker tells.</summary>
    public bool TellsSettlements { get; set; }

    public static Color ColorOf(string status) => status switch
    {
        "Removed" or "Contained" or "Restored" or "Completed" => Color.Green,
        "AlreadyAbsent" => Color.Aqua,
        "Planned" => Color.Blue,
        "Refused" or "Expired" or "AwaitingApproval" or "Cancelled" => Color.Yellow,
        "Failed" or "PartlyContained" or "PartlyRestored" or "Stopped" => Color.Red,
        "Rejected" => Color.Fuchsia,
        _ => Color.Default,
    };

    public void Say(string what, string text) => display.Write($"[grey]{what,-8}[/]{text}");

    /// <summary>Never cut: people copy it.</summary>
    public void Offer(string what, string text) => display.WriteWhole($"{what,-8}{text}");

    public void Warn(string text) => display.Write($"[yellow]{"warning",-8}[/]{Cleaned.Markup(text)}");

    public void Received(OutcomeFacts outcome) => Tell("outcome", outcome, outcome.Sentence);

    /// <summary>A job is told by its own events, and not by the hundreds of its requests.</summary>
    public void Received(JobNews news) => Tell("job", news.Facts, news.Facts.Sentence);

    public void Settled(Settlement settlement, LineState? line)
    {
        if (settlement is Settlement.Postpone postpone)
        {
            var wait = $"{Math.Max(0, (postpone.Until - clock.GetUtcNow()).TotalSeconds):0.0} s";
            Row("waits", line?.Line.Glimpse().Request ?? "", "grey", wait, postpone.Why);
        }
        else if (settlement is { Replayed: true, Outcome: { } again })
        {
            // Subscribers hear of an event once.
            Tell("again", again.ReadFacts(), "told again, word for word, and not done again");
        }
        else if (TellsSettlements && settlement.Outcome is { } told)
        {
            var outcome = told.ReadFacts();
            if (outcome is not { RequestId: not null, JobId: not null })
            {
                Tell("outcome", outcome, outcome.Sentence);
            }
        }
    }

    private void Tell(string what, OutcomeFacts outcome, string sentence) =>
        Row(what, outcome.RequestId ?? outcome.JobId ?? outcome.MessageId, ColorOf(outcome.Status).ToMarkup(), outcome.Status, Reason(outcome, sentence));

    private static string Reason(OutcomeFacts outcome, string sentence) =>
        outcome.Code is not null && outcome.Status is "Failed" or "Refused" or "Rejected" or "PartlyContained" or "PartlyRestored" ? $"{outcome.Code}: {sentence}" : sentence;

    private void Row(string what, string request, string color, string status, string text) =>
        display.Write($"[grey]{what,-8}[/][bold]{Cleaned.Markup(request, DisplayText.Longest),-20}[/] [{color}]{status,-14}[/] {Cleaned.Markup(text)}");
}
