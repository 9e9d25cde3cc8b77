using Ungroup.Ledger;
using Ungroup.Simulation.Story;

namespace Ungroup.Simulation.Invariants.Outcomes;

internal sealed class PublishedMeansTaken : IInvariant
{
    public string Sentence => "The store says of an event that it was published, and the bus has not taken it.";

    public Line? FirstBreak(IReadOnlyList<Line> lines)
    {
        var taken = new HashSet<string>();
        foreach (var line in lines)
        {
            if (line.What is Happening.EventTaken { Event: var told })
            {
                taken.Add(told.Fingerprint());
            }
            else if (line.What is Happening.Wrote { After: { State: LedgerState.Published, Outcome: { } outcome } } && !taken.Contains(outcome.Fingerprint()))
            {
                return line;
            }
        }

        return null;
    }
}
