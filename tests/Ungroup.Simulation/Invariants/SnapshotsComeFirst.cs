using Ungroup.Ecs.Containment;
using Ungroup.Ledger;
using Ungroup.Requests;
using Ungroup.Simulation.Story;

namespace Ungroup.Simulation.Invariants;

/// <summary>Before the first call that changes an interface the store has the groups it was in, as they truly once were, and they stay.</summary>
internal sealed class SnapshotsComeFirst : IInvariant
{
    public string Sentence => "A contain or restore changed an interface whose groups were not durable before, or not true, or have become others since.";

    public Line? FirstBreak(IReadOnlyList<Line> lines)
    {
        var truth = new GroupHistory(lines);

        // A call that never left has changed nothing: behind it the groups may be written down anew.
        var stayed = lines.Select(line => line.What).OfType<Happening.CallEnded>().Where(ended => ended.NeverLeft).Select(ended => ended.Call.Number).ToHashSet();
        var begun = new Dictionary<(LedgerKey, string), (DateTimeOffset At, IReadOnlyList<string> Before)>();
        return lines.FirstOf<Happening.CallBegan>((began, at) =>
        {
            if (began.Call is not { IsChange: true, IsOfContainment: true, Key: { } key } call)
            {
                return false;
            }

            if (call.Held?.Record.Snapshot?.Interfaces.FirstOrDefault(one => one.Resource == call.Resource)?.Before is not { } before)
            {
                return true;
            }

            if (stayed.Contains(call.Number))
            {
                return false;
            }

            var first = begun.TryGetValue((key, call.Resource), out var known) ? known : begun[(key, call.Resource)] = (at, before);
            return !GroupSets.Same(first.Before, before)
                || (call.Request!.Action == RequestAction.Contain && !truth.WasEver(call.Resource, DateTimeOffset.MinValue, first.At, groups => GroupSets.Same(groups, before)));
        });
    }
}
