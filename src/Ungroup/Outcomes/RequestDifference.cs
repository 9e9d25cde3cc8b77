using System.Text.Json;
using Ungroup.Ledger;
using Ungroup.Messages;
using Ungroup.Requests;

namespace Ungroup.Outcomes;

internal static class RequestDifference
{
    private const int MostNamed = 3;

    /// <summary>"`reason` was "a", and is "b" now"; a few of them.</summary>
    public static string Of(LedgerRecord known, RemovalRequest request)
    {
        // An ended record keeps its request as the event tells it, and so with a region.
        var then = known.Request is { } open ? Members(open) : MembersIn(known.Outcome!);
        var now = Members(known.Request is null ? request with { RegionIsDefault = false } : request);
        var differing = RequestMembers.Names.Select(name => Differs(name, then, now)).OfType<string>().ToList();
        return differing.Count switch
        {
            0 => request.RegionIsDefault ? "`regionId` was given, and is left out now" : "`regionId` was left out, and is given now",
            <= MostNamed => string.Join("; ", differing),
            _ => $"{string.Join("; ", differing.Take(MostNamed))}; and {differing.Count - MostNamed} more",
        };
    }

    private static string? Differs(string name, JsonElement then, JsonElement now)
    {
        var (old, given) = (Value(then, name), Value(now, name));
        if (old is null ? given is null : given is { } value && JsonElement.DeepEquals(old.Value, value))
        {
            return null;
        }

        var (was, @is) = (Told(old), Told(given));
        return $"`{name}` was {was}, and is {(was == @is ? "another text now that looks the same" : $"{@is} now")}";
    }

    private static string Told(JsonElement? value) => value is { } given ? Shown.Value(given) : "left out";

    private static JsonElement? Value(JsonElement request, string name) =>
        request.ValueKind == JsonValueKind.Object && request.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null
            && !(name == "regionId" && request.TryGetProperty("regionIsDefault", out _)) ? value : null;

    private static JsonElement Members(RemovalRequest request) => JsonSerializer.SerializeToElement(request, OutcomeJson.Default.RemovalRequest);

    private static JsonElement MembersIn(OutcomeEvent outcome)
    {
        using var document = JsonDocument.Parse(outcome.Json);
        return document.RootElement.GetProperty("data").TryGetProperty("request", out var request) ? request.Clone() : default;
    }
}
