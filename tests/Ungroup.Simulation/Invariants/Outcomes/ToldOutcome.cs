using System.Text.Json;
using Ungroup.Json;
using Ungroup.Ledger;
using Ungroup.Messages;
using Ungroup.Requests;
using Ungroup.Simulation.Story;

namespace Ungroup.Simulation.Invariants.Outcomes;

/// <summary>An outcome's word, at the moment at which it became durable.</summary>
internal sealed record ToldOutcome(LedgerKey Key, RemovalRequest Request, OutcomeStatus Status, string? Code, IReadOnlyList<ToldInterface> Interfaces)
{
    /// <summary>Null where the line is no decision.</summary>
    public static ToldOutcome? In(Line line)
    {
        if (line.What is not Happening.Wrote { Before: { Outcome: null, Request: { } request }, After: { Key: var key, Outcome: { } outcome } })
        {
            return null;
        }

        using var document = JsonDocument.Parse(outcome.Json);
        var data = document.RootElement.GetProperty("data");
        return new(
            key,
            request,
            Enum.Parse<OutcomeStatus>(data.Text("status")!),
            data.Text("code"),
            data.TryGetProperty("interfaces", out var list) ? [.. list.EnumerateArray().Select(ToldInterface.Of)] : []);
    }
}

/// <summary>The same of one interface.</summary>
internal sealed record ToldInterface(string Resource, string Status, string? Code, IReadOnlyList<string> After)
{
    public static ToldInterface Of(JsonElement told) => new(
        told.Text("resource")!,
        told.Text("status")!,
        told.Text("code"),
        told.TryGetProperty("groupsAfter", out var after) && after.ValueKind == JsonValueKind.Array ? [.. after.EnumerateArray().Select(group => group.GetString()!)] : []);
}
