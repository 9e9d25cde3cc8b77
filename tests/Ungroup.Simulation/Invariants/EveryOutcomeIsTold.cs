using Ungroup.Simulation.Story;

namespace Ungroup.Simulation.Invariants;

internal sealed class EveryOutcomeIsTold : IInvariant
{
    public string Sentence => "An outcome was decided, and its event was never taken by the bus.";

    public Line? FirstBreak(IReadOnlyList<Line> lines)
    {
        var taken = lines.Select(line => line.What).OfType<Happening.EventTaken>().Select(told => told.Event.Fingerprint()).ToHashSet();
        return lines.FirstOf<Happening.Wrote>(wrote => wrote.After.Outcome is { } outcome && !taken.Contains(outcome.Fingerprint()));
    }
}
