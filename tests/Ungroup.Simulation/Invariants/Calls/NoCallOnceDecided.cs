using Ungroup.Ledger;
using Ungroup.Simulation.Story;

namespace Ungroup.Simulation.Invariants.Calls;

internal sealed class NoCallOnceDecided : IInvariant
{
    public string Sentence => "A call that changes something was made for a request that had its outcome.";

    public Line? FirstBreak(IReadOnlyList<Line> lines)
    {
        var decided = new HashSet<LedgerKey>();
        foreach (var line in lines)
        {
            if (line.What is Happening.Wrote { After: { Outcome: not null, Key: var key } })
            {
                decided.Add(key);
            }
            else if (line.What is Happening.CallBegan { Call: { IsChange: true, Key: { } called } } && decided.Contains(called))
            {
                return line;
            }
        }

        return null;
    }
}
