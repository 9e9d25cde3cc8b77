using Ungroup.Simulation.Story;

namespace Ungroup.Simulation.Invariants.Messages;

internal sealed class WaitsAreWaits : IInvariant
{
    // Five seconds in hand and a moment put off, again and again, are eleven; a worker that stops, or a resource that has not settled, adds to them.
    private const int Most = 16;

    // A driver looks every two seconds while few requests are under way.
    private const int MostOfDrivers = 32;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    public string Sentence => $"One message was postponed more than {Most} times in a row within a minute: that is no waiting.";

    public Line? FirstBreak(IReadOnlyList<Line> lines)
    {
        var origins = new Dictionary<long, (long From, DateTimeOffset At)>();
        return lines.FirstOf<Happening.CopyTaken>((taken, at) =>
        {
            origins[taken.Sequence] = (taken.From.Sequence, at);
            return Recent(origins, taken.Sequence, at) > (taken.From.Letter.Drives is null ? Most : MostOfDrivers);
        });
    }

    private static int Recent(Dictionary<long, (long From, DateTimeOffset At)> origins, long sequence, DateTimeOffset now)
    {
        var recent = 0;
        while (origins.TryGetValue(sequence, out var origin) && now - origin.At <= Window)
        {
            recent++;
            sequence = origin.From;
        }

        return recent;
    }
}
