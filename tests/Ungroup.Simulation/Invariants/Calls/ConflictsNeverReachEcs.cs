using Ungroup.Simulation.Story;

namespace Ungroup.Simulation.Invariants.Calls;

internal sealed class ConflictsNeverReachEcs : IInvariant
{
    public string Sentence => "ECS was called for a message whose key belongs to a request that says something else.";

    public Line? FirstBreak(IReadOnlyList<Line> lines) => lines.FirstOf<Happening.CallBegan>(began =>
        began.Call is { Letter: { } letter, Held: { } held } && held.Record.PayloadHash != letter.Hash);
}
