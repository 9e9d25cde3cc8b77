using Ungroup.Simulation.Story;

namespace Ungroup.Simulation.Invariants.Calls;

internal sealed class CallsAreMadeUnderTheLease : IInvariant
{
    public string Sentence => "A call that changes something was made by a worker whose lease was over by the store's clock, or had been taken over.";

    public Line? FirstBreak(IReadOnlyList<Line> lines) => lines.FirstOf<Happening.CallBegan>(began =>
        began.Call is { IsChange: true, Held: { Record.Outcome: null } held } call && (held.LeaseLeft <= TimeSpan.Zero || held.Record.Owner != call.Owner));
}
