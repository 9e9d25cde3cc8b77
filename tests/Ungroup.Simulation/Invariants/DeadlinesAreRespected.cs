using Ungroup.Simulation.Story;

namespace Ungroup.Simulation.Invariants;

/// <summary>A contain or restore that has begun in time, or may have by what is durable, goes on behind its deadline, but not for ever.</summary>
internal sealed class DeadlinesAreRespected : IInvariant
{
    private static readonly TimeSpan Grace = TimeSpan.FromHours(1);

    public string Sentence => "A call that changes something was made after the request had expired by the worker's own clock.";

    public Line? FirstBreak(IReadOnlyList<Line> lines) => lines.FirstOf<Happening.CallBegan>(began =>
        began.Call is { IsChange: true } call && IsTooLate(call, call is { IsOfContainment: true, Held.Record.Attempts: > 1 } ? Grace : TimeSpan.Zero));

    private static bool IsTooLate(EcsExchange call, TimeSpan grace) =>
        call.WorkerTime - grace >= call.Request?.ExpiresAt || call.WorkerTime - grace >= call.Held?.Record.Deadline;
}
