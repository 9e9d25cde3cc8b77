using Ungroup.Ledger;
using Ungroup.Simulation.Story;

namespace Ungroup.Simulation.Invariants.Containment;

/// <summary>
/// From its first call that changes a resource until its outcome, a contain or restore is the only request of ours that begins a call which
/// changes it. A removal takes no row: it looks at the row behind its own record and in front of its call. Where it looked before the
/// contain had taken the row, its call may begin as long behind it as the answer of the store takes: the same as if the call itself were slow,
/// and the contain or restore, which looks at the groups after its last call, sees what came of it.
/// </summary>
internal sealed class HeldMeansAlone : IInvariant
{
    public string Sentence => "A call that changes a resource began while another request, a contain or restore, was changing it.";

    public Line? FirstBreak(IReadOnlyList<Line> lines)
    {
        var changing = new Dictionary<string, (LedgerKey Key, int Calls)>();
        var taken = new Dictionary<(string Resource, LedgerKey Key), int>();
        var looked = new Dictionary<(string Resource, LedgerKey Key), int>();
        foreach (var line in lines)
        {
            switch (line.What)
            {
                case Happening.RowWrote { After.HeldBy: { } holder } row when row.Before.HeldBy != holder:
                    taken[(row.Resource, new(row.Account, holder))] = line.Number;
                    break;

                case Happening.RowRead row:
                    looked[(row.Resource, row.Key)] = line.Number;
                    break;

                case Happening.CallBegan { Call: { IsChange: true, Key: { } key } call }:
                    if (changing.TryGetValue(call.Resource, out var holding) && holding.Key != key && holding.Calls > 0
                        && (call.IsOfContainment || !(looked.GetValueOrDefault((call.Resource, key)) < taken.GetValueOrDefault((call.Resource, holding.Key)))))
                    {
                        return line;
                    }

                    if (call.IsOfContainment)
                    {
                        changing[call.Resource] = (key, holding.Key == key ? holding.Calls + 1 : 1);
                    }

                    break;

                // It has changed nothing, and may let others go first.
                case Happening.CallEnded { NeverLeft: true, Call: { IsChange: true, IsOfContainment: true, Key: { } key } call }
                    when changing.TryGetValue(call.Resource, out var stayed) && stayed.Key == key:
                    changing[call.Resource] = stayed with { Calls = stayed.Calls - 1 };
                    break;

                case Happening.Wrote { After: { Outcome: not null, Key: var ended } }:
                    changing.Where(one => one.Value.Key == ended).ToList().ForEach(one => changing.Remove(one.Key));
                    break;

                default:
                    break;
            }
        }

        return null;
    }
}
