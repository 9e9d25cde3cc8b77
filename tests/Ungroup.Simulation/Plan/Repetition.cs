using Ungroup.Simulation.Story;
using Ungroup.Simulation.Time;
using Ungroup.Simulation.Workers;

namespace Ungroup.Simulation.Plan;

/// <summary>How senders, and whoever sends for them, repeat what they have sent.</summary>
internal sealed class Repetition(World world, Chance chance)
{
    public IEnumerable<Posting> Of(Letter letter, TimeSpan after)
    {
        if (chance.Hits(0.15))
        {
            world.History.Count(Incident.PropertiesForged);
            letter = Forgery.Of(letter, chance);
        }

        yield return new(letter, after);
        if (chance.Hits(0.1))
        {
            world.History.Count(Incident.SentAgain);
            yield return new(Forgery.SentAgain(letter, chance), after + chance.Seconds(0, 900), IsDuplicate: true);
        }

        for (var copies = chance.Pick(0, 0, 0, 1, 1, 3); copies > 0; copies--)
        {
            var again = letter.Key?.RequestId == letter.MessageId || chance.Hits(0.5) ? letter : new($"{letter.MessageId}-again-{copies}", letter.Body);
            yield return new(again, after + (chance.Hits(0.5) ? chance.Seconds(0, 0.2) : chance.Seconds(0, 900)), IsDuplicate: true);
        }
    }
}
