using Ungroup.Simulation.Story;

namespace Ungroup.Simulation.Invariants.Outcomes;

internal sealed class EveryOutcomeIsTold : IInvariant
{
    public string Sentence => "An outcome was decided, and its event was never taken by the bus.";

    public Line? FirstBreak(IReadOnlyList<Line> lines)
    {
        var taken = lines.Select(line => line.What).OfType<Happening.EventTaken>().Select(told => told.Event.Fingerprint()).ToHashSet();
        var untold = lines.Any(line => line.What is Happening.Wrote { After.Outcome: { } outcome } && !taken.Contains(outcome.Fingerprint()));
        return untold ? lines[^1] : null;
    }
}
