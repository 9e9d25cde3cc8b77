using Ungroup.Messages;
using Ungroup.Simulation.Plan;
using Ungroup.Simulation.Story;

namespace Ungroup.Simulation.Invariants.Quotas;

/// <summary>
/// A request is told to wait for circuits that a denial has closed, in a row, for a minute at most, but for how its returns are spread, where
/// nothing was ever denied about its own group.
/// </summary>
internal sealed class RefusalsHoldNobodyElseUp : IInvariant
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    // A request that waits for a circuit comes back up to so much after it opens, so that not all come at once.
    private static readonly TimeSpan Spread = TimeSpan.FromSeconds(2);

    public string Sentence => "A request that may be done was kept waiting by another's refusal for more than a minute.";

    public Line? FirstBreak(IReadOnlyList<Line> lines)
    {
        var denied = lines.Select(line => line.What).OfType<Happening.Denied>().ToHashSet();
        if (denied.Count == 0)
        {
            return null;
        }

        var (told, waited) = (new Dictionary<long, TimeSpan>(), new Dictionary<long, TimeSpan>());
        foreach (var line in lines)
        {
            if (line.What is Happening.Said { Settlement: Settlement.Postpone postpone } said && IsForAnother(denied, said.Receipt.Letter, postpone))
            {
                told[said.Receipt.Token] = postpone.Until - said.WorkerTime;
            }
            else if (line.What is Happening.CopyTaken taken && told.TryGetValue(taken.From.Token, out var wait))
            {
                // Where the clock of the worker is off, one of the two says what was meant.
                var inTruth = taken.ScheduledFor - line.At;
                var total = waited.GetValueOrDefault(taken.From.Sequence) + (wait < inTruth ? wait : inTruth) - Spread;
                waited[taken.Sequence] = total;
                if (total > Longest)
                {
                    return line;
                }
            }
        }

        return null;
    }

    private static bool IsForAnother(HashSet<Happening.Denied> denied, Letter letter, Settlement.Postpone postpone) =>
        letter.Request is { } request
        && postpone.Why.Contains(" is closed until ", StringComparison.Ordinal)
        && postpone.Why.Contains("(Forbidden.RAM)", StringComparison.Ordinal)
        && !denied.Contains(new(request.Account, Group: null))
        && (request.SecurityGroup is not { } group || !denied.Contains(new(request.Account, group.Value)));
}
