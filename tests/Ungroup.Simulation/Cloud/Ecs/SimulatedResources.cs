using Ungroup.Simulation.Story;
using Ungroup.Simulation.Time;

namespace Ungroup.Simulation.Cloud.Ecs;

/// <summary>Every resource there is. The history has every change of one.</summary>
internal sealed class SimulatedResources(History history, Schedule schedule)
{
    private readonly SortedDictionary<string, SimulatedResource> _resources = new(StringComparer.Ordinal);

    public SimulatedResource? this[string id] => _resources.GetValueOrDefault(id);

    public IEnumerable<SimulatedResource> All => _resources.Values;

    public void Add(SimulatedResource resource)
    {
        _resources.Add(resource.Id, resource);
        history.Add("ecs", new Happening.GroupsChanged(resource.Id, [], resource.Groups, Call: null));
    }

    /// <param name="resource">Which.</param>
    /// <param name="groups">Those that it is in from now on.</param>
    /// <param name="call">The call of ours that does it; null for somebody else's hand.</param>
    public void Change(SimulatedResource resource, IEnumerable<string> groups, EcsExchange? call)
    {
        var before = resource.Groups;
        resource.Change(groups, schedule.Now);
        history.Add(call is null ? "others" : "ecs", new Happening.GroupsChanged(resource.Id, before, resource.Groups, call));
    }

    /// <param name="resource">An interface that is no primary one.</param>
    /// <param name="host">An instance; null to take it from where it is.</param>
    /// <param name="since">Now, or before everything.</param>
    public void Attach(SimulatedResource resource, string? host, DateTimeOffset since)
    {
        resource.AttachTo(host, since);
        history.Add("others", new Happening.Attached(resource.Id, host, since));
    }
}
