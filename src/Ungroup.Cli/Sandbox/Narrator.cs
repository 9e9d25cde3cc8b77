using Spectre.Console;
using Ungroup.Cli.Worker;
using Ungroup.Display;
using Ungroup.Messages;

namespace Ungroup.Cli.Sandbox;

/// <summary>Tells, a line each, what happens in a run.</summary>
internal sealed class Narrator(Display display, TimeProvider clock)
{
    /// <summary>Set once the subscriber is gone: then the worker's word is the only one.</summary>
    public bool TellsSettlements { get; set; }

    public static Color ColorOf(string status) => status switch
    {
        "Removed" => Color.Green,
        "AlreadyAbsent" => Color.Aqua,
        "Planned" => Color.Blue,
        "Refused" or "Expired" => Color.Yellow,
        "Failed" => Color.Red,
        "Rejected" => Color.Fuchsia,
        _ => Color.Default,
    };

    public void Say(string what, string text) => display.Write($"[grey]{what,-8}[/]{text}");

    /// <summary>For what people copy: it is never cut.</summary>
    public void Offer(string what, string text) => display.WriteWhole($"{what,-8}{text}");

    public void Warn(string text) => display.Write($"[yellow]{"warning",-8}[/]{Cleaned.Markup(text)}");

    public void Received(ToldOutcome outcome) => Tell("outcome", outcome, outcome.Sentence);

    public void Settled(Settlement settlement, LineState? line)
    {
        if (settlement is Settlement.Postpone postpone)
        {
            var wait = $"{Math.Max(0, (postpone.Until - clock.GetUtcNow()).TotalSeconds):0.0} s";
            Row("waits", line?.Line.Glimpse().Request ?? "", "grey", wait, postpone.Why);
        }
        else if (settlement is { Replayed: true, Outcome: { } again })
        {
            // The topic knows its event, which subscribers hear of once.
            Tell("again", ToldOutcome.Of(again), "told again, word for word, and not done again");
        }
        else if (TellsSettlements && settlement.Outcome is { } told)
        {
            var outcome = ToldOutcome.Of(told);
            Tell("outcome", outcome, outcome.Sentence);
        }
    }

    private void Tell(string what, ToldOutcome outcome, string sentence) =>
        Row(what, outcome.RequestId ?? outcome.MessageId, ColorOf(outcome.Status).ToMarkup(), outcome.Status, Reason(outcome, sentence));

    private static string Reason(ToldOutcome outcome, string sentence) =>
        outcome.Status is "Failed" or "Refused" or "Rejected" ? $"{outcome.Code}: {sentence}" : sentence;

    private void Row(string what, string request, string color, string status, string text) =>
        display.Write($"[grey]{what,-8}[/][bold]{Cleaned.Markup(request, DisplayText.Longest),-20}[/] [{color}]{status,-14}[/] {Cleaned.Markup(text)}");
}
