using Ungroup.Ledger;
using Ungroup.Simulation.Story;

namespace Ungroup.Simulation.Invariants;

/// <summary>A contain or restore that has made its first call in time goes on behind its deadline, but not for ever.</summary>
internal sealed class DeadlinesAreRespected : IInvariant
{
    private static readonly TimeSpan Grace = TimeSpan.FromHours(1);

    public string Sentence => "A call that changes something was made after the request had expired by the worker's own clock.";

    public Line? FirstBreak(IReadOnlyList<Line> lines)
    {
        var begun = new HashSet<LedgerKey>();
        return lines.FirstOf<Happening.CallBegan>(began =>
            began.Call is { IsChange: true } call
            && IsTooLate(call, call.IsOfContainment && call.Key is { } key && !begun.Add(key) ? Grace : TimeSpan.Zero));
    }

    private static bool IsTooLate(EcsExchange call, TimeSpan grace) =>
        call.WorkerTime - grace >= call.Request?.ExpiresAt || call.WorkerTime - grace >= call.Held?.Record.Deadline;
}
