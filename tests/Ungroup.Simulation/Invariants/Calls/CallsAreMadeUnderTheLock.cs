using Ungroup.Simulation.Story;

namespace Ungroup.Simulation.Invariants.Calls;

internal sealed class CallsAreMadeUnderTheLock : IInvariant
{
    public string Sentence => "ECS was called for a message whose lock was known to be lost.";

    public Line? FirstBreak(IReadOnlyList<Line> lines) => lines.FirstOf<Happening.CallBegan>(began => began.Call.IsLockKnownLost);
}
