using Ungroup.Simulation.Story;

namespace Ungroup.Simulation.Invariants.Calls;

/// <summary>A contain or restore that has begun in time, or may have by what is durable, is seen through behind its deadline: that it ends is for EverythingEnds.</summary>
internal sealed class DeadlinesAreRespected : IInvariant
{
    public string Sentence => "A call that changes something was made after the request had expired by the worker's own clock.";

    public Line? FirstBreak(IReadOnlyList<Line> lines) => lines.FirstOf<Happening.CallBegan>(began =>
        began.Call is { IsChange: true } call and not { IsOfContainment: true, Held.Record.Attempts: > 1 }
        && (call.WorkerTime >= call.Request?.ExpiresAt || call.WorkerTime >= call.Held?.Record.Deadline));
}
