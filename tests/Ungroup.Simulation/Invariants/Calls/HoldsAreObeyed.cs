using Ungroup.Holds;
using Ungroup.Messages;
using Ungroup.Simulation.Story;

namespace Ungroup.Simulation.Invariants.Calls;

/// <summary>Of clean-ups alone: all else goes by what was known last while the ledger cannot be read, and here it often cannot.</summary>
internal sealed class HoldsAreObeyed : IInvariant
{
    private static readonly TimeSpan Obeyed = TimeSpan.FromSeconds(2);

    public string Sentence => "ECS was called to change something although a hold on it had been there for more than two seconds.";

    public Line? FirstBreak(IReadOnlyList<Line> lines)
    {
        var holds = new Dictionary<string, Hold>(StringComparer.Ordinal);
        foreach (var line in lines)
        {
            switch (line.What)
            {
                case Happening.HoldPut put:
                    holds[put.Hold.Id] = put.Hold;
                    break;

                case Happening.HoldLifted lifted:
                    holds.Remove(lifted.Id);
                    break;

                case Happening.CallBegan { Call: { IsChange: true, IsOfContainment: false, Request: { Origin: Origin.Cleanup } request } }
                    when holds.Values.Any(hold => line.At - hold.Since > Obeyed && hold.Covers(HoldSubject.Of(request, Origin.Cleanup))):
                    return line;
            }
        }

        return null;
    }
}
