using System.Text.Json;
using System.Text.Json.Serialization;
using Ungroup.Display;
using Ungroup.Ledger;

namespace Ungroup.Intake;

/// <summary>The state of a request for its sender. It names no worker and holds nothing that its outcome event does not tell as well.</summary>
internal sealed record RemovalStatus
{
    public required string RequestId { get; init; }

    public required string Account { get; init; }

    public required RemovalState State { get; init; }

    public required DateTimeOffset FirstSeenAt { get; init; }

    public required DateTimeOffset Deadline { get; init; }

    /// <summary>How long it waits, or how long its owner may be silent.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>The thing it waits for; null where it does not wait, or nobody has written that down.</summary>
    public WaitFor? WaitsFor { get; init; }

    /// <summary>The same as a sentence: which circuit, whose hold, which other request.</summary>
    public string? Why { get; init; }

    /// <summary>How often a call that changes something was about to be made.</summary>
    public required int Attempts { get; init; }

    public string? LastCode { get; init; }

    /// <summary>The event as published; null until the request has ended.</summary>
    public JsonElement? Outcome { get; init; }

    public static RemovalStatus Of(StoredRecord stored)
    {
        ArgumentNullException.ThrowIfNull(stored);
        var record = stored.Record;
        var state = record.Outcome is not null ? RemovalState.Ended
            : record.IsQueued ? RemovalState.Queued
            : stored.IsWorkedOn ? RemovalState.Working
            : RemovalState.Waiting;
        return new()
        {
            RequestId = record.Key.RequestId,
            Account = record.Key.Account,
            State = state,
            WaitsFor = stored.WaitsFor?.For,
            Why = stored.WaitsFor is { } waiting ? DisplayText.Of(waiting.Sentence, DisplayText.LongestSentence) : null,
            FirstSeenAt = record.FirstSeenAt,
            Deadline = record.Deadline,
            Until = record.Outcome is null && stored.LeaseLeft > TimeSpan.Zero ? stored.WrittenAt + record.LeaseFor : null,
            Attempts = record.Attempts,
            LastCode = record.LastCode,
            Outcome = record.Outcome is { } outcome ? Parsed(outcome.Json) : null,
        };
    }

    public string ToJson() => JsonSerializer.Serialize(this, IntakeJson.Default.RemovalStatus);

    private static JsonElement Parsed(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}

[JsonConverter(typeof(JsonStringEnumConverter<RemovalState>))]
internal enum RemovalState
{
    /// <summary>The queue has it, and nobody has taken it up yet.</summary>
    [JsonStringEnumMemberName("queued")]
    Queued,

    /// <summary>For its time, for ECS, for a hold, or for its message to come back.</summary>
    [JsonStringEnumMemberName("waiting")]
    Waiting,

    [JsonStringEnumMemberName("working")]
    Working,

    [JsonStringEnumMemberName("ended")]
    Ended,
}
