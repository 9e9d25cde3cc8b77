using Ungroup.Simulation.Story;

namespace Ungroup.Simulation.Invariants.Outcomes;

internal sealed class EveryOutcomeIsToldInTime : IInvariant
{
    private static readonly TimeSpan InTime = TimeSpan.FromMinutes(10);

    public string Sentence => $"An outcome that the bus takes was not told within {InTime.TotalMinutes:0} minutes, though the bus was there.";

    public Line? FirstBreak(IReadOnlyList<Line> lines)
    {
        if (lines.FirstOf<Happening.FaultsOver>(_ => true) is not { At: var isThere })
        {
            return null;
        }

        var refused = lines.Select(line => line.What).OfType<Happening.EventRefused>().Select(told => told.Event.Id).ToHashSet();
        var waiting = new Dictionary<string, DateTimeOffset>();
        foreach (var line in lines)
        {
            if (waiting.Count > 0 && waiting.Values.Min() < line.At)
            {
                return line;
            }

            switch (line.What)
            {
                case Happening.Wrote { Before.State: not Ledger.LedgerState.Decided, After: { State: Ledger.LedgerState.Decided, Outcome.Id: var decided } } when !refused.Contains(decided):
                    waiting[decided] = (line.At > isThere ? line.At : isThere) + InTime;
                    break;
                case Happening.EventTaken { Event.Id: var taken }:
                    waiting.Remove(taken);
                    break;
                default:
                    break;
            }
        }

        return null;
    }
}
