using System.Text.Json;
using Ungroup.Holds;
using Ungroup.Messages;
using Ungroup.Simulation.Story;
using Ungroup.Simulation.Time;
using Ungroup.Simulation.Workers;

namespace Ungroup.Simulation.Plan;

/// <summary>An operator who puts holds and lifts them again, and a number that clean-ups soon reach.</summary>
internal sealed class HoldPlans(World world, Chance chance)
{
    public void Begin(RequestPlans requests)
    {
        world.History.Add("world", new Happening.Limited(world.MostPerHour, world.Store.Skew));
        for (var number = chance.Between(1, 4); number > 0; number--)
        {
            var id = $"h-{number}";
            world.Schedule.After(chance.Seconds(0, 120), () => Put(id, requests));
        }
    }

    private void Put(string id, RequestPlans requests)
    {
        var (account, group) = chance.Hits(0.5) && requests.AnyGroup() is var (ofAccount, about) ? (ofAccount, about) : (null, (string?)null);
        Origin? origin = chance.Hits(0.5) ? Origin.Cleanup : null;
        var row = new HoldRow("ops", "change freeze", account, group, origin);
        world.Store.WriteNote(null, $"hold:{id}", JsonSerializer.Serialize(row, HoldJson.Default.HoldRow));
        world.History.Add("operator", new Happening.HoldPut(new() { Id = id, Account = account, Group = group, Origin = origin, By = row.By, Reason = row.Reason, Since = world.Schedule.Now }));
        world.Schedule.After(chance.Seconds(5, 600), () =>
        {
            // From now on it need not be obeyed, whether the row goes at once or not.
            world.History.Add("operator", new Happening.HoldLifted(id));
            if (world.Store.ReadNotes($"hold:{id}", by: null) is [var note])
            {
                world.Store.DeleteNote(note);
            }
        });
    }
}
