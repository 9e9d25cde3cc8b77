using Ungroup.Simulation.Story;

namespace Ungroup.Simulation.Invariants.Calls;

internal sealed class DryRunsChangeNothing : IInvariant
{
    public string Sentence => "A call that changes something was made for a dry run, or by the sweep for what nobody has begun.";

    public Line? FirstBreak(IReadOnlyList<Line> lines) => lines.FirstOf<Happening.CallBegan>(began =>
        began.Call is { IsChange: true } call && (call.Request?.DryRun != false || (call.Letter is null && call.Held is not { Record.Snapshot: not null })));
}
