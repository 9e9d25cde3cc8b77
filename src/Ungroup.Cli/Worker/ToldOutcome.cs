using System.Text.Json;
using Ungroup.Messages;

namespace Ungroup.Cli.Worker;

/// <summary>What an outcome event says, for people: logs, tables and reports.</summary>
internal sealed record ToldOutcome(string MessageId, string? RequestId, string Status, string? Code, string Sentence, bool ConfirmedByReadBack)
{
    public static ToldOutcome Of(OutcomeEvent outcome) => Of(outcome.Json);

    public static ToldOutcome Of(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        var data = document.RootElement.GetProperty("data");
        return new(
            Text(data, "messageId") ?? "",
            Text(data, "requestId"),
            Text(data, "status") ?? "",
            Text(data, "code"),
            Text(data, "sentence") ?? "",
            data.TryGetProperty("confirmedByReadBack", out var confirmed) && confirmed.ValueKind == JsonValueKind.True);
    }

    private static string? Text(JsonElement data, string name) =>
        data.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
