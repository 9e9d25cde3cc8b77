using Ungroup.Ecs.Containment;
using Ungroup.Ledger;
using Ungroup.Requests;
using Ungroup.Simulation.Story;

namespace Ungroup.Simulation.Invariants.Containment;

/// <summary>Before the first call that changes an interface the store has the groups it was in, as they truly once were, and they stay.</summary>
internal sealed class SnapshotsComeFirst : IInvariant
{
    public string Sentence => "A contain or restore changed an interface whose groups were not durable before, or not true, or have become others since.";

    public Line? FirstBreak(IReadOnlyList<Line> lines)
    {
        var truth = new GroupHistory(lines);
        var begun = new Dictionary<(LedgerKey, string), (int Call, DateTimeOffset At, IReadOnlyList<string> Before)>();
        return lines.FirstOf<Happening>((what, at) =>
        {
            // A call that never left has begun nothing.
            if (what is Happening.CallEnded { NeverLeft: true, Call: { IsChange: true, Key: { } stayed } unsent }
                && begun.GetValueOrDefault((stayed, unsent.Resource)).Call == unsent.Number)
            {
                begun.Remove((stayed, unsent.Resource));
            }

            if (what is not Happening.CallBegan began)
            {
                return false;
            }

            if (began.Call is not { IsChange: true, IsOfContainment: true, Key: { } key } call)
            {
                return false;
            }

            if (call.Held?.Record.Snapshot?.Interfaces.FirstOrDefault(one => one.Resource == call.Resource)?.Before is not { } before)
            {
                return true;
            }

            var first = begun.TryGetValue((key, call.Resource), out var known) ? known : begun[(key, call.Resource)] = (call.Number, at, before);
            return !GroupSets.Same(first.Before, before)
                || (call.Request!.Action == RequestAction.Contain && !truth.WasEver(call.Resource, DateTimeOffset.MinValue, first.At, groups => GroupSets.Same(groups, before)));
        });
    }
}
