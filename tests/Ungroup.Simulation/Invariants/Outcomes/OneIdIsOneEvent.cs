using System.Text.Json.Nodes;
using Ungroup.Messages;
using Ungroup.Simulation.Story;

namespace Ungroup.Simulation.Invariants.Outcomes;

internal sealed class OneIdIsOneEvent : IInvariant
{
    public string Sentence => "Two rejections that say different things have one id: who deduplicates never hears of the second.";

    public Line? FirstBreak(IReadOnlyList<Line> lines)
    {
        var events = new Dictionary<string, string>();
        return lines.FirstOf<Happening.EventTaken>(taken =>
            taken.Event.IsRejection() && !events.TryAdd(taken.Event.Id, Said(taken.Event)) && events[taken.Event.Id] != Said(taken.Event));
    }

    // All of it but when: a rejection that is told again is written anew.
    private static string Said(OutcomeEvent told)
    {
        var json = JsonNode.Parse(told.Json.Span)!.AsObject();
        json.Remove("time");
        json["data"]!.AsObject().Remove("firstSeenAt");
        json["data"]!.AsObject().Remove("decidedAt");
        return json.ToJsonString();
    }
}
