using Ungroup.Ecs.Containment;
using Ungroup.Ledger;
using Ungroup.Messages;
using Ungroup.Simulation.Invariants.Outcomes;
using Ungroup.Simulation.Story;

namespace Ungroup.Simulation.Invariants.Containment;

/// <summary>
/// Each interface was, at one instant that the last look may have shown, in all groups of the snapshot but for those that a removal has
/// ended for since, or is about to, and out of the isolation group unless that was one of them.
/// </summary>
internal sealed class RestoredMeansBack : IInvariant
{
    public string Sentence => "An outcome says Restored, and an interface was never back in its groups since the last call, or nobody has looked.";

    public Line? FirstBreak(IReadOnlyList<Line> lines)
    {
        var (truth, calls, records, removed) = (new GroupHistory(lines), new RequestCalls(), new Dictionary<LedgerKey, LedgerRecord>(), new Dictionary<string, ResourceRow>());
        foreach (var line in lines)
        {
            calls.Take(line);
            if (line.What is Happening.RowWrote row)
            {
                // A removal notes its end in the row before it is durable.
                removed[row.Resource] = row.After;
            }

            if (ToldOutcome.In(line) is { Status: OutcomeStatus.Restored } told
                && !(calls[told.Key].HasLooked && IsBack(told, UndoneRequest.Of(records[new(told.Key.Account, told.Request.Of!)], out _, out _), removed, truth, calls[told.Key].Since, line.At)))
            {
                return line;
            }

            if (line.What is Happening.Wrote { After: var record })
            {
                records[record.Key] = record;
            }
        }

        return null;
    }

    private static bool IsBack(ToldOutcome told, UndoneRequest? undone, Dictionary<string, ResourceRow> removed, GroupHistory truth, DateTimeOffset from, DateTimeOffset to) =>
        undone is not null && undone.Interfaces.All(one => told.Interfaces.Any(known => known.Resource == one.Resource)
            && truth.WasEver(one.Resource, from, to, groups =>
                one.Before.Where(group => undone.IsolationGroup is null || removed.GetValueOrDefault(one.Resource)?.RemovedSince(one).Any(gone => gone.Group == group) != true).All(groups.Contains)
                && (undone.IsolationGroup is not { } isolation || one.Before.Contains(isolation) || !groups.Contains(isolation))));
}
