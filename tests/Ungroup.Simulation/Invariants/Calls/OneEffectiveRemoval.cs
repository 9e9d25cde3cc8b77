using Ungroup.Ledger;
using Ungroup.Simulation.Story;

namespace Ungroup.Simulation.Invariants.Calls;

/// <summary>Where somebody has put the resource back before the request knew of its own effect, a look shows a member, and nobody can tell.</summary>
internal sealed class OneEffectiveRemoval : IInvariant
{
    public string Sentence => "One request has removed its resource twice.";

    public Line? FirstBreak(IReadOnlyList<Line> lines)
    {
        var removed = new Dictionary<LedgerKey, (string Resource, string Group)>();
        var decided = new HashSet<LedgerKey>();
        return lines.FirstOf<Happening>(what =>
        {
            if (what is Happening.Wrote { After: { Outcome: not null, Key: var ended } })
            {
                decided.Add(ended);
            }

            if (what is Happening.GroupsChanged changed)
            {
                removed.Where(one => !decided.Contains(one.Key) && one.Value.Resource == changed.Resource && changed.After.Contains(one.Value.Group) && !changed.Before.Contains(one.Value.Group))
                    .ToList().ForEach(one => removed.Remove(one.Key));
            }

            return what is Happening.CallReached { Effective: true, Call: { IsOfContainment: false, Key: { } key } call }
                && !removed.TryAdd(key, (call.Resource, call.Group));
        });
    }
}
