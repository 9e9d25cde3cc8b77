using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Ungroup.Cli.Sandbox.Lines;
using Ungroup.Display;

namespace Ungroup.Cli.Sandbox.Report;

/// <summary>One line of requests in a report. All but what is counted is null where it had not ended in time. Only a job has <c>jobId</c> and <c>counts</c>.</summary>
internal sealed record ReportRow(
    int Line,
    string MessageId,
    string? RequestId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? JobId,
    string? Status,
    string? Code,
    string? Sentence,
    string? Settlement,
    bool? DeadLettered,
    bool? Replayed,
    bool? ConfirmedByReadBack,
    int Deliveries,
    int Attempts,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? EcsCalls,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyDictionary<string, int>? Counts)
{
    /// <summary>The function app does not say how many calls a message took.</summary>
    public static ReportRow Of(LineState state, bool countsCalls) => new(
        state.Line.Number,
        state.Line.MessageId,
        state.End?.Outcome.RequestId,
        state.End?.Outcome.JobId ?? state.Line.Job?.JobId,
        state.End?.Outcome.Status,
        state.End?.Outcome.Code,
        state.End?.Outcome.Sentence,
        state.End is not { } end ? null : end.DeadLettered ? "deadLetter" : "complete",
        state.End?.DeadLettered,
        state.End?.Replayed,
        state.End?.Outcome.ConfirmedByReadBack,
        state.Deliveries,
        state.Calls.Attempts,
        countsCalls ? state.Calls.EcsCalls : null,
        state.End?.Counts);

    public string ToJson() => DisplayJson.Escape(JsonSerializer.Serialize(this, ReportJson.Readable.ReportRow));
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ReportRow))]
internal sealed partial class ReportJson : JsonSerializerContext
{
    // Sentences quote people in whatever language; escaped, nobody could read them.
    public static ReportJson Readable { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
