using Ungroup.Messages;
using Ungroup.Requests;
using Ungroup.Simulation.Invariants.Outcomes;
using Ungroup.Simulation.Story;

namespace Ungroup.Simulation.Invariants.Containment;

/// <summary>The groups that removals have been told a resource is out of, line by line.</summary>
internal sealed class RemovedGroups
{
    private readonly Dictionary<(string Resource, string Group), DateTimeOffset> _removed = [];

    /// <summary>When that was decided last; null where it never was.</summary>
    public DateTimeOffset? At(string resource, string group) => _removed.TryGetValue((resource, group), out var at) ? at : null;

    public void Take(Line line)
    {
        if (ToldOutcome.In(line) is { Request.Action: RequestAction.Remove, Status: OutcomeStatus.Removed or OutcomeStatus.AlreadyAbsent } told)
        {
            _removed[(told.Request.Resource.Value, told.Request.SecurityGroup.Value)] = line.At;
        }
    }
}
