using Ungroup.Ledger;
using Ungroup.Requests;
using Ungroup.Simulation.Cloud.Ecs;
using Ungroup.Simulation.Story;

namespace Ungroup.Simulation.Invariants.Containment;

/// <summary>
/// A removal that has ended since a resource was contained is not undone by the restore of the contain: no look of the restore that begins
/// behind the end of the removal is followed by a call that joins the group.
/// </summary>
internal sealed class RemovalsWin : IInvariant
{
    public string Sentence => "A restore of a contain has put a resource back into a group that a removal had been told it is out of.";

    public Line? FirstBreak(IReadOnlyList<Line> lines)
    {
        var (calls, removed) = (new RequestCalls(), new RemovedGroups());
        var groups = new Dictionary<string, IReadOnlyList<string>>();
        var contained = new Dictionary<(LedgerKey Key, string Resource), DateTimeOffset>();
        var firsts = new Dictionary<LedgerKey, LedgerKey>();
        foreach (var line in lines)
        {
            calls.Take(line);
            removed.Take(line);
            switch (line.What)
            {
                case Happening.GroupsChanged changed:
                    groups[changed.Resource] = changed.After;
                    break;

                case Happening.Wrote { After: { Snapshot: { IsolationGroup: not null } snapshot, Key: var key } record }:
                    firsts[key] = snapshot.Undo is { } first ? key with { RequestId = first } : key;
                    foreach (var one in snapshot.Interfaces)
                    {
                        // A request that has not begun is written down anew.
                        contained[(key, one.Resource)] = record.Attempts > 0 ? contained.GetValueOrDefault((key, one.Resource), line.At) : line.At;
                    }

                    break;

                case Happening.CallBegan { Call: { IsChange: true, Request: { Action: RequestAction.Restore, Of: { } of }, Key: { } key } call }
                    when call.Action != "LeaveSecurityGroup"
                        && firsts.TryGetValue(new(key.Account, of), out var containment)
                        && ContainedAt(new(key.Account, of), containment, call.Resource) is var since
                        && call.Groups.Except(groups[call.Resource]).Any(group => removed.At(call.Resource, group) is { } at
                            && at > since && at + EcsReads.LongestStaleness < calls[key].LookedAt):
                    return line;

                default:
                    break;
            }
        }

        return null;

        // When the groups of the resource were written down: by the contain, or by the one whose snapshot it has inherited.
        DateTimeOffset ContainedAt(LedgerKey contain, LedgerKey first, string resource) =>
            contained.TryGetValue((first, resource), out var at) ? at : contained.GetValueOrDefault((contain, resource), DateTimeOffset.MaxValue);
    }
}
