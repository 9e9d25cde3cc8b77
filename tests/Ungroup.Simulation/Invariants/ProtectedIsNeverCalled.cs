using Ungroup.Simulation.Story;

namespace Ungroup.Simulation.Invariants;

internal sealed class ProtectedIsNeverCalled : IInvariant
{
    public string Sentence => "LeaveSecurityGroup was called for a group or a resource that the worker's settings protect.";

    public Line? FirstBreak(IReadOnlyList<Line> lines) => lines.FirstOf<Happening.CallBegan>(began => began.Call is { IsLeave: true, IsProtected: true });
}
