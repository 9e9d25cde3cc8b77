using Ungroup.Ledger;
using Ungroup.Simulation.Story;

namespace Ungroup.Simulation.Invariants.Calls;

internal sealed class OneCallAtATime : IInvariant
{
    // After that no client waits any more, and nothing that was sent is still on its way.
    private static readonly TimeSpan LongestCall = TimeSpan.FromSeconds(66);

    public string Sentence => "Two calls for one request that change something were under way at once.";

    public Line? FirstBreak(IReadOnlyList<Line> lines)
    {
        var underWay = new Dictionary<LedgerKey, (int Number, DateTimeOffset Began)>();
        foreach (var line in lines)
        {
            switch (line.What)
            {
                case Happening.CallBegan { Call: { IsChange: true, Key: { } key } call }:
                    if (underWay.TryGetValue(key, out var other) && line.At - other.Began < LongestCall)
                    {
                        return line;
                    }

                    underWay[key] = (call.Number, line.At);
                    break;

                case Happening.CallEnded { Call: { IsChange: true, Key: { } key } call } when underWay.GetValueOrDefault(key).Number == call.Number:
                    underWay.Remove(key);
                    break;

                default:
                    break;
            }
        }

        return null;
    }
}
