using Ungroup.Simulation.Story;

namespace Ungroup.Simulation.Invariants;

internal sealed class DeadlinesAreRespected : IInvariant
{
    public string Sentence => "LeaveSecurityGroup was called after the request had expired by the worker's own clock.";

    public Line? FirstBreak(IReadOnlyList<Line> lines) => lines.FirstOf<Happening.CallBegan>(began =>
        began.Call is { IsLeave: true } call
        && (call.WorkerTime >= call.Letter?.Request?.ExpiresAt || call.WorkerTime >= call.Held?.Record.Deadline));
}
