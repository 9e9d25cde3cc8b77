using Ungroup.Ledger;
using Ungroup.Messages;
using Ungroup.Simulation.Cloud.Ecs;
using Ungroup.Simulation.Invariants.Outcomes;
using Ungroup.Simulation.Story;

namespace Ungroup.Simulation.Invariants.Containment;

/// <summary>
/// Every interface concerned was in the isolation group alone when it was looked at after the last call of the request. A look may be a
/// moment behind, and what others do behind it is not its fault: one such instant is enough. Concerned is what the last look could not but list.
/// </summary>
internal sealed class ContainedMeansAlone : IInvariant
{
    public string Sentence => "An outcome says Contained, and an interface was never in the isolation group alone since the last call, or nobody has looked.";

    public Line? FirstBreak(IReadOnlyList<Line> lines)
    {
        var (truth, calls) = (new GroupHistory(lines), new RequestCalls());
        foreach (var line in lines)
        {
            calls.Take(line);
            if (ToldOutcome.In(line) is { Status: OutcomeStatus.Contained } told
                && !(calls[told.Key].HasLooked && Concerned(told, truth, calls[told.Key].LookedAt, line.At).All(resource => IsAlone(told, resource, truth, calls[told.Key].Since, line.At))))
            {
                return line;
            }
        }

        return null;
    }

    private static IEnumerable<string> Concerned(ToldOutcome told, GroupHistory truth, DateTimeOffset lookedAt, DateTimeOffset now)
    {
        var named = told.Interfaces.Select(one => one.Resource).ToList();
        return named.Find(SimulatedResource.IsInstanceId) is { } instance && told.Request.IncludeInterfaces != false
            ? named.Union(truth.CardsOf(instance, lookedAt - EcsReads.LongestStaleness, now))
            : named;
    }

    private static bool IsAlone(ToldOutcome told, string resource, GroupHistory truth, DateTimeOffset from, DateTimeOffset to) =>
        told.Interfaces.FirstOrDefault(one => one.Resource == resource) is { After: [var isolation] }
        && truth.WasEver(resource, from, to, groups => GroupSets.IsAlone([.. groups], isolation));
}
