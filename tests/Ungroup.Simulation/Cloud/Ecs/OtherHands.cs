using Ungroup.Simulation.Story;
using Ungroup.Simulation.Time;

namespace Ungroup.Simulation.Cloud.Ecs;

/// <summary>Somebody else works at the console meanwhile, as far as ECS lets them.</summary>
internal sealed class OtherHands(History history, Schedule schedule, SimulatedResources resources)
{
    /// <summary>ECS lets nobody take the last group away.</summary>
    public void TakeOut(string resource, string group)
    {
        if (resources[resource] is { Groups.Count: > 1 } there && there.Groups.Contains(group))
        {
            history.Count(Incident.LeftOtherwise);
            resources.Change(there, there.Groups.Where(member => member != group), call: null);
        }
    }

    /// <summary>Once nothing is left to do about a request, or in the middle of it.</summary>
    public void PutInto(string resource, string group, Incident why)
    {
        if (resources[resource] is { } there && !there.Groups.Contains(group) && there.Groups.Count < EcsChanges.MostGroups)
        {
            history.Count(why);
            resources.Change(there, [.. there.Groups, group], call: null);
        }
    }

    /// <summary>An interface that was made a moment ago, and is in groups of its own.</summary>
    public void Attach(SimulatedResource card, string host)
    {
        history.Count(Incident.CardAttached);
        resources.Add(card);
        resources.Attach(card, host, schedule.Now);
    }

    public void Detach(string card)
    {
        if (resources[card] is { IsInstance: false, Host: not null } there)
        {
            history.Count(Incident.CardDetached);
            resources.Attach(there, host: null, schedule.Now);
        }
    }
}
