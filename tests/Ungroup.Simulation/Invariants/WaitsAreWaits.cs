using Ungroup.Simulation.Plan;
using Ungroup.Simulation.Story;

namespace Ungroup.Simulation.Invariants;

internal sealed class WaitsAreWaits : IInvariant
{
    private const int Most = 40;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    public string Sentence => $"One message was postponed more than {Most} times within a minute: that is no waiting.";

    public Line? FirstBreak(IReadOnlyList<Line> lines)
    {
        var copies = new Dictionary<Letter, Queue<DateTimeOffset>>();
        foreach (var line in lines)
        {
            if (line.What is not Happening.CopyTaken { From.Letter: var letter })
            {
                continue;
            }

            var recent = copies.TryGetValue(letter, out var known) ? known : copies[letter] = new();
            recent.Enqueue(line.At);
            while (line.At - recent.Peek() > Window)
            {
                recent.Dequeue();
            }

            if (recent.Count > Most)
            {
                return line;
            }
        }

        return null;
    }
}
