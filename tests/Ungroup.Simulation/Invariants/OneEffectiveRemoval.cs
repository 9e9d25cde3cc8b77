using Ungroup.Ledger;
using Ungroup.Simulation.Story;

namespace Ungroup.Simulation.Invariants;

internal sealed class OneEffectiveRemoval : IInvariant
{
    public string Sentence => "One request has removed its resource twice.";

    public Line? FirstBreak(IReadOnlyList<Line> lines)
    {
        var removed = new HashSet<LedgerKey>();
        return lines.FirstOf<Happening.CallReached>(reached => reached is { Effective: true, Call: { IsOfContainment: false, Key: { } key } } && !removed.Add(key));
    }
}
