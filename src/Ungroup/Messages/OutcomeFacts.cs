using System.Text.Json;

namespace Ungroup.Messages;

/// <summary>An outcome in short, for those who sort, filter and log.</summary>
/// <param name="Status">The name of an <see cref="OutcomeStatus"/>.</param>
/// <param name="Code">See <see cref="Outcome.Code"/>.</param>
/// <param name="RequestId">The key of the request; null where a message that could not be read gave none.</param>
/// <param name="Account">The account the request named, or <c>default</c>.</param>
/// <param name="Origin">On whose behalf; null where the message could not be read.</param>
public sealed record OutcomeFacts(string? Status, string? Code, string? RequestId, string? Account, string? Origin)
{
    internal static OutcomeFacts Read(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        var data = document.RootElement.GetProperty("data");
        return new(
            Text(data, "status"), Text(data, "code"), Text(data, "requestId"), Text(data, "account"),
            data.TryGetProperty("request", out var request) ? Text(request, "origin") : null);
    }

    private static string? Text(JsonElement owner, string name) =>
        owner.ValueKind == JsonValueKind.Object && owner.TryGetProperty(name, out var value) ? value.GetString() : null;
}
