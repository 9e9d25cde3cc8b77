using Ungroup.Simulation.Cloud.Ecs;
using Ungroup.Simulation.Story;
using Ungroup.Simulation.Time;
using Ungroup.Simulation.Workers;

namespace Ungroup.Simulation.Plan;

/// <summary>Others, who tag resources so that nobody touches them, and take the tags away again.</summary>
internal sealed class TagPlans(World world, Chance chance)
{
    private const string Key = "protect";

    public void Begin()
    {
        for (var number = chance.Between(1, 12); number > 0; number--)
        {
            world.Schedule.After(chance.Seconds(0, chance.Hits(0.7) ? 120 : 900), Tag);
        }
    }

    private void Tag()
    {
        if (world.Ecs.Resources.All.Where(resource => resource.Tags is not null).ToList() is not { Count: > 0 } all)
        {
            return;
        }

        var resource = all[chance.Below(all.Count)];
        Set(resource, chance.Pick("yes", "yes", "no"));
        if (chance.Hits(0.7))
        {
            world.Schedule.After(chance.Seconds(0, chance.Hits(0.5) ? 5 : 600), () => Set(resource, null));
        }
    }

    private void Set(SimulatedResource resource, string? value)
    {
        world.History.Count(value is null ? Incident.TagTaken : Incident.TagSet);
        resource.Tag(Key, value, world.Schedule.Now);
        var tag = value is null ? null : $"{Key}={value}";
        world.History.Add("others", new Happening.TagChanged(resource.Id, tag, tag is not null && (world.ProtectedTag == Key || world.ProtectedTag == tag)));
    }
}
