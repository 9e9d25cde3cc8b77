using System.Collections.Frozen;
using Ungroup.Ecs.Wire;

namespace Ungroup.Ecs.Containment;

/// <summary>Goes through the steps without making them.</summary>
internal static class PlannedCalls
{
    private const int MostSteps = 100;

    /// <summary>"JoinSecurityGroup i-1 sg-isolation" and so on, in order.</summary>
    public static IEnumerable<string> Of(InterfaceView seen, WantedGroups wanted, EcsPlace place)
    {
        List<string> groups = [.. seen.Groups];
        for (var steps = 0; steps < MostSteps; steps++)
        {
            switch (NextStep.Of(new(groups, FrozenDictionary<string, string>.Empty), wanted))
            {
                case NextStep.Join { Group: var group }:
                    yield return $"{place.Join(seen.Resource, group).Action} {seen.Resource} {group}";
                    groups.Add(group);
                    break;

                case NextStep.Leave { Group: var group }:
                    yield return $"{place.Leave(seen.Resource, group).Action} {seen.Resource} {group}";
                    groups.Remove(group);
                    break;

                case NextStep.Modify { Groups: var set }:
                    yield return $"{place.Modify(seen.Resource, set, set[0]).Action} {seen.Resource} {string.Join(",", set)}";
                    yield break;

                default:
                    yield break;
            }
        }
    }
}
