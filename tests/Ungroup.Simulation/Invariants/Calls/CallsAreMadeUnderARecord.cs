using Ungroup.Ledger;
using Ungroup.Simulation.Story;

namespace Ungroup.Simulation.Invariants.Calls;

internal sealed class CallsAreMadeUnderARecord : IInvariant
{
    public string Sentence => "A call that changes something was made while the store held no record that says so.";

    public Line? FirstBreak(IReadOnlyList<Line> lines) => lines.FirstOf<Happening.CallBegan>(began =>
        began.Call is { IsChange: true } call && call.Held?.Record is not { State: LedgerState.Called, Attempts: > 0 });
}
