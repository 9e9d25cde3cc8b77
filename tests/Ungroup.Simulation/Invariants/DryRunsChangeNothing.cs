using Ungroup.Simulation.Story;

namespace Ungroup.Simulation.Invariants;

internal sealed class DryRunsChangeNothing : IInvariant
{
    public string Sentence => "LeaveSecurityGroup was called for a dry run, or by the sweep.";

    public Line? FirstBreak(IReadOnlyList<Line> lines) => lines.FirstOf<Happening.CallBegan>(began =>
        began.Call is { IsLeave: true } call && call.Letter?.Request?.DryRun != false);
}
