using Ungroup.Ledger;
using Ungroup.Simulation.Story;

namespace Ungroup.Simulation.Invariants.Outcomes;

internal sealed class OneOutcomePerRequest : IInvariant
{
    public string Sentence => "A request has got a second outcome.";

    public Line? FirstBreak(IReadOnlyList<Line> lines)
    {
        var outcomes = new Dictionary<LedgerKey, string>();
        return lines.FirstOf<Happening.Wrote>(wrote =>
            outcomes.TryGetValue(wrote.After.Key, out var before)
                ? wrote.After.Outcome is not { } now || !now.IsSame(before)
                : wrote.After.Outcome is { } first && !outcomes.TryAdd(wrote.After.Key, first.Fingerprint()));
    }
}
