using Ungroup.Ecs.Containment;
using Ungroup.Ledger;
using Ungroup.Messages;
using Ungroup.Requests;
using Ungroup.Simulation.Invariants.Outcomes;
using Ungroup.Simulation.Story;

namespace Ungroup.Simulation.Invariants.Containment;

/// <summary>
/// A contain or restore that has changed something ends neither as one that was never begun nor as one that has changed nothing, but where
/// everything was again as before; and what it has not done it gives a reason for, which for ChangedByOthers must be one.
/// </summary>
internal sealed class WhatHasBegunIsSeenThrough : IInvariant
{
    private const string ByOthers = "ChangedByOthers";

    public string Sentence => "A contain or restore that has changed something ends as if it had not, or says without a reason that something is left.";

    public Line? FirstBreak(IReadOnlyList<Line> lines)
    {
        var (truth, calls) = (new GroupHistory(lines), new RequestCalls());
        var changed = new Dictionary<LedgerKey, Dictionary<string, IReadOnlyList<string>>>();
        var others = new Dictionary<string, List<(DateTimeOffset At, LedgerKey? By)>>();
        var came = new Dictionary<LedgerKey, DateTimeOffset>();
        foreach (var line in lines)
        {
            calls.Take(line);
            switch (line.What)
            {
                case Happening.GroupsChanged { Before.Count: > 0 } change:
                    (others.TryGetValue(change.Resource, out var list) ? list : others[change.Resource] = []).Add((line.At, change.Call?.Key));
                    if (change.Call is { IsOfContainment: true, Key: { } key })
                    {
                        (changed.TryGetValue(key, out var known) ? known : changed[key] = []).TryAdd(change.Resource, change.Before);
                    }

                    break;

                case Happening.Wrote { Before: null, After.Key: var first }:
                    came.TryAdd(first, line.At);
                    break;

                case Happening.Wrote when ToldOutcome.In(line) is { Request.Action: not RequestAction.Remove } told
                    && (!IsFit(told) || (changed.TryGetValue(told.Key, out var by) && !IsSeenThrough(told, by, truth, calls[told.Key].Since, line.At))
                        || told.Interfaces.Any(one => one.Code == ByOthers && !others.GetValueOrDefault(one.Resource, []).Exists(other => other.By != told.Key && other.At >= came[told.Key]))):
                    return line;

                default:
                    break;
            }
        }

        return null;
    }

    private static bool IsFit(ToldOutcome told) => told.Status is not (OutcomeStatus.PartlyContained or OutcomeStatus.PartlyRestored)
        || (told.Code is not null && told.Interfaces.All(one => one.Code is not null || one.Status is nameof(OutcomeStatus.Contained) or nameof(OutcomeStatus.Restored)));

    private static bool IsSeenThrough(ToldOutcome told, Dictionary<string, IReadOnlyList<string>> before, GroupHistory truth, DateTimeOffset from, DateTimeOffset to) => told.Status switch
    {
        OutcomeStatus.Expired or OutcomeStatus.Refused or OutcomeStatus.Planned => false,
        OutcomeStatus.Failed => before.All(one => truth.WasEver(one.Key, from, to, groups => GroupSets.Same(groups, one.Value))),
        _ => true,
    };
}
