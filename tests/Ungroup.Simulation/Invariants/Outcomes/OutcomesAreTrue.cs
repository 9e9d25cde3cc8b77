using System.Text.Json;
using Ungroup.Ledger;
using Ungroup.Messages;
using Ungroup.Simulation.Story;

namespace Ungroup.Simulation.Invariants.Outcomes;

internal sealed class OutcomesAreTrue : IInvariant
{
    public string Sentence => "An outcome says what is not true: Removed though it is a member or no call of the request did it, or unchanged though one did.";

    public Line? FirstBreak(IReadOnlyList<Line> lines)
    {
        var removed = new HashSet<LedgerKey>();
        var begun = new Dictionary<LedgerKey, DateTimeOffset>();
        var joined = new Dictionary<(string Resource, string Group), DateTimeOffset>();
        foreach (var line in lines)
        {
            switch (line.What)
            {
                case Happening.CallReached { Effective: true, Call: { IsOfContainment: false, Key: { } key } }:
                    removed.Add(key);
                    break;

                // From here on nobody can tell whether it was we who did it, and the contract says that a look at the groups may say so.
                case Happening.Wrote { After: { State: LedgerState.Called, Key: var key } }:
                    begun.TryAdd(key, line.At);
                    break;

                // Others, a restore among them, may have put it back since.
                case Happening.GroupsChanged { Before.Count: > 0 } changed:
                    changed.After.Except(changed.Before).ToList().ForEach(group => joined[(changed.Resource, group)] = line.At);
                    break;

                case Happening.Wrote { After: { State: LedgerState.Decided, Outcome: { } outcome, Key: var key }, Before.State: not LedgerState.Decided } wrote
                    when !IsTrue(outcome.Json, removed.Contains(key), begun.ContainsKey(key), wrote.IsMember && !IsBack(wrote.Before, key)):
                    return line;

                default:
                    break;
            }
        }

        return null;

        bool IsBack(LedgerRecord? before, LedgerKey key) =>
            begun.TryGetValue(key, out var since) && before?.Request is { Action: Requests.RequestAction.Remove } request
            && joined.TryGetValue((request.Resource.Value, request.SecurityGroup.Value), out var at) && at >= since;
    }

    private static bool IsTrue(ReadOnlyMemory<byte> json, bool isOurs, bool mayBeOurs, bool isMember)
    {
        using var document = JsonDocument.Parse(json);
        var data = document.RootElement.GetProperty("data");
        var status = data.GetProperty("status").GetString();
        var isConfirmed = data.GetProperty("confirmedByReadBack").GetBoolean();
        return status == nameof(OutcomeStatus.Removed) ? !isMember && (isOurs || (isConfirmed && mayBeOurs))
            : status == nameof(OutcomeStatus.AlreadyAbsent) ? !isMember && !isOurs
            : !isOurs || data.GetProperty("sentence").GetString()!.Contains("may have worked", StringComparison.Ordinal);
    }
}
