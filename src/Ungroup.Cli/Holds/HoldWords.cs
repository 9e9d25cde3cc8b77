using System.Text.Json;
using System.Text.Json.Serialization;
using Ungroup.Cli.Status;
using Ungroup.Display;
using Ungroup.Holds;
using Ungroup.Intake;

namespace Ungroup.Cli.Holds;

/// <summary>A hold in words.</summary>
internal static class HoldWords
{
    public static string Of(ToldHold hold)
    {
        var until = hold.Until is { } end ? $", until {Words.At(end)}" : "";
        return DisplayText.Line($"{hold.Id}: {ScopeOf(hold)}, since {Words.At(hold.Since)}{until}, by {hold.By}: {hold.Reason}");
    }

    public static HoldScope ScopeOf(ToldHold hold) => new(hold.Account, hold.Group, hold.Origin);

    public static string Expiring(ToldExpiry? expiring) => expiring switch
    {
        null => "Nobody can say how many requests would run out of time: the ledger did not answer that.",
        { OrMore: true } => $"Of the requests that the ledger knows, {expiring.Requests} or more would run out of time by {Words.At(expiring.By)}.",
        _ => $"Of the requests that the ledger knows, {expiring.Requests} would run out of time by {Words.At(expiring.By)}.",
    };

    public static string Json(IReadOnlyList<ToldHold> holds) => DisplayJson.Escape(JsonSerializer.Serialize(holds, HoldsJson.Default.IReadOnlyListToldHold));
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(IReadOnlyList<ToldHold>))]
internal sealed partial class HoldsJson : JsonSerializerContext;
