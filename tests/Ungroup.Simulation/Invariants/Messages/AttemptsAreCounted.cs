using System.Text.Json;
using Ungroup.Ledger;
using Ungroup.Simulation.Story;

namespace Ungroup.Simulation.Invariants.Messages;

internal sealed class AttemptsAreCounted : IInvariant
{
    public string Sentence => "An outcome counts fewer calls that change something than have left a worker.";

    public Line? FirstBreak(IReadOnlyList<Line> lines)
    {
        var calls = new Dictionary<LedgerKey, int>();
        foreach (var line in lines)
        {
            if (line.What is Happening.CallBegan { Call: { IsChange: true, Key: { } called } })
            {
                calls[called] = calls.GetValueOrDefault(called) + 1;
            }
            else if (line.What is Happening.CallEnded { NeverLeft: true, Call: { IsChange: true, Key: { } stayed } })
            {
                calls[stayed]--;
            }
            else if (line.What is Happening.Wrote { After: { State: LedgerState.Decided, Outcome: { } outcome, Key: var key } }
                && AttemptsIn(outcome.Json) < calls.GetValueOrDefault(key))
            {
                return line;
            }
        }

        return null;
    }

    private static int AttemptsIn(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.GetProperty("data").GetProperty("attempts").GetInt32();
    }
}
