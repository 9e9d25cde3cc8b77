using Ungroup.Simulation.Story;

namespace Ungroup.Simulation.Invariants.Outcomes;

internal sealed class OneEventIsOneText : IInvariant
{
    public string Sentence => "Two events with one id say different things.";

    public Line? FirstBreak(IReadOnlyList<Line> lines)
    {
        var texts = new Dictionary<string, string>();
        return lines.FirstOf<Happening.EventTaken>(taken =>
            !taken.Event.IsRejection() && !texts.TryAdd(taken.Event.Id, taken.Event.Fingerprint()) && !taken.Event.IsSame(texts[taken.Event.Id]));
    }
}
