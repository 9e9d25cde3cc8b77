using Ungroup.Ledger;
using Ungroup.Simulation.Story;

namespace Ungroup.Simulation.Invariants.Calls;

internal sealed class ReplaysChangeNothing : IInvariant
{
    public string Sentence => "A message that came once more after everything had ended changed something.";

    public Line? FirstBreak(IReadOnlyList<Line> lines)
    {
        IReadOnlySet<LedgerKey>? known = null;
        foreach (var line in lines)
        {
            switch (line.What)
            {
                case Happening.Replay replay:
                    known = replay.Known;
                    break;
                case Happening.CallBegan { Call.Key: { } called } when known?.Contains(called) == true:
                case Happening.Wrote { After: { State: not LedgerState.Published, Key: var written } } when known?.Contains(written) == true:
                    return line;
                default:
                    break;
            }
        }

        return null;
    }
}
