using Ungroup.Messages;
using Ungroup.Simulation.Story;

namespace Ungroup.Simulation.Invariants.Outcomes;

internal sealed class RejectedMeansTold : IInvariant
{
    public string Sentence => "A message was dead-lettered before its Rejected event was taken, or its event has another id each time.";

    public Line? FirstBreak(IReadOnlyList<Line> lines)
    {
        var taken = new HashSet<string>();
        var ids = new Dictionary<Plan.Letter, string>();
        foreach (var line in lines)
        {
            if (line.What is Happening.EventTaken { Event.Id: var id })
            {
                taken.Add(id);
            }
            else if (line.What is Happening.Said { Settlement: Settlement.DeadLetter letter, Receipt.Letter: var sent })
            {
                var told = letter.Outcome?.Id ?? "";
                if (!taken.Contains(told) || (ids.TryGetValue(sent, out var before) && before != told))
                {
                    return line;
                }

                ids[sent] = told;
            }
        }

        return null;
    }
}
