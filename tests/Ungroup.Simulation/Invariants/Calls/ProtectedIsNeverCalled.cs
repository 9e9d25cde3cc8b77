using Ungroup.Simulation.Story;

namespace Ungroup.Simulation.Invariants.Calls;

internal sealed class ProtectedIsNeverCalled : IInvariant
{
    public string Sentence => "A call would take a resource that the worker's settings protect out of a group, or any out of a protected group.";

    public Line? FirstBreak(IReadOnlyList<Line> lines) => lines.FirstOf<Happening.CallBegan>(began => began.Call is { IsChange: true, IsProtected: true });
}
