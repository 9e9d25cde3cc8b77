using Ungroup.Requests;
using Ungroup.Simulation.Cloud.Ecs;
using Ungroup.Simulation.Plan;
using Ungroup.Simulation.Story;

namespace Ungroup.Simulation.Invariants.Containment;

/// <summary>
/// A restore takes a resource out of the isolation group and of no other, whoever has put it there. One call for the whole set replaces what
/// was seen before it was sent, however late ECS carries it out: there, what others have added behind that look is lost, and nobody can help it.
/// </summary>
internal sealed class RestoresTakeNothingAway : IInvariant
{
    public string Sentence => "A restore has taken a resource out of a group that is no isolation group, and that it could have seen.";

    public Line? FirstBreak(IReadOnlyList<Line> lines)
    {
        var calls = new RequestCalls();
        var seen = new Dictionary<int, DateTimeOffset>();
        var joined = new Dictionary<(string Resource, string Group), DateTimeOffset>();
        foreach (var line in lines)
        {
            calls.Take(line);
            if (line.What is Happening.CallBegan { Call: { IsChange: true, Key: { } by } began })
            {
                seen[began.Number] = calls[by].LookedAt;
            }

            if (line.What is not Happening.GroupsChanged changed)
            {
                continue;
            }

            if (changed.Call is { Request.Action: RequestAction.Restore, Key: not null } call
                && changed.Before.Except(changed.After).Any(group => !Ids.IsIsolationGroup(group)
                    && !(call.Action.StartsWith("Modify", StringComparison.Ordinal) && joined.GetValueOrDefault((changed.Resource, group)) > seen[call.Number] - EcsReads.LongestStaleness)))
            {
                return line;
            }

            foreach (var group in changed.After.Except(changed.Before))
            {
                joined[(changed.Resource, group)] = line.At;
            }
        }

        return null;
    }
}
