using Ungroup.Simulation.Story;

namespace Ungroup.Simulation.Invariants.Outcomes;

internal sealed class OnlyTheDecidedIsTold : IInvariant
{
    public string Sentence => "An event was published that no record in the store says.";

    public Line? FirstBreak(IReadOnlyList<Line> lines)
    {
        var decided = new HashSet<string>();
        foreach (var line in lines)
        {
            if (line.What is Happening.Wrote { After.Outcome: { } outcome })
            {
                decided.Add(outcome.Fingerprint());
            }
            else if (line.What is Happening.EventTaken { Event: var told } && !told.IsRejection() && !told.IsOfJob() && !decided.Contains(told.Fingerprint()))
            {
                return line;
            }
        }

        return null;
    }
}
