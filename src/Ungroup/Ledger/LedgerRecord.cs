using System.Text.Json;
using System.Text.Json.Serialization;
using Ungroup.Messages;
using Ungroup.Requests;

namespace Ungroup.Ledger;

[JsonConverter(typeof(JsonStringEnumConverter<LedgerState>))]
internal enum LedgerState
{
    /// <summary>No call that changes something was made. An owner works on it or waits to; with epoch 0 it is only announced, and has none.</summary>
    Claimed = 1,

    /// <summary>A call that changes something was about to be made, so it may have been.</summary>
    Called = 2,

    /// <summary>The outcome is known; its event may not have been sent.</summary>
    Decided = 3,

    /// <summary>The broker has taken the event.</summary>
    Published = 4,
}

/// <summary>The same request id in two accounts is two requests.</summary>
internal sealed record LedgerKey(string Account, string RequestId);

/// <summary>One request as it is durable. A new property is a new member of the stored document, and nothing else.</summary>
internal sealed record LedgerRecord
{
    public required LedgerKey Key { get; init; }

    public required string PayloadHash { get; init; }

    public required LedgerState State { get; init; }

    public string? Owner { get; init; }

    /// <summary>Grows with every new owner, from 1.</summary>
    public int Epoch { get; init; } = 1;

    /// <summary>Counted from the write of this record by the store's own clock.</summary>
    public TimeSpan LeaseFor { get; init; }

    /// <summary>How often a call that changes something was about to be made, except for calls known never to have left.</summary>
    public int Attempts { get; init; }

    /// <summary>A call of ours may have had its effect without our knowing.</summary>
    public bool MayHaveLeft { get; init; }

    public string? LastCode { get; init; }

    public bool MetOthers { get; init; }

    public int UnfamiliarReplies { get; init; }

    public required DateTimeOffset FirstSeenAt { get; init; }

    /// <summary>When the request ends, even where its message is gone.</summary>
    public required DateTimeOffset Deadline { get; init; }

    public required string MessageId { get; init; }

    public RemovalRequest? Request { get; init; }

    public OutcomeEvent? Outcome { get; init; }

    public DateTimeOffset? DecidedAt { get; init; }

    public required DateTimeOffset ForgetAt { get; init; }

    /// <summary>The door of HTTP that wrote the record before it sent the message; null where the message came first.</summary>
    public RequestDoor? Door { get; init; }

    /// <summary>The snapshot that a contain or a restore took; null before it has looked, and for a removal.</summary>
    [JsonPropertyName("groupSnapshot")]
    public GroupSnapshot? Snapshot { get; init; }

    /// <summary>Why it waits, or waited last; null where it never did, and once it has ended.</summary>
    public WaitReason? Waiting { get; init; }

    /// <summary>Nobody has taken it up yet: a door has written it down.</summary>
    [JsonIgnore]
    public bool IsQueued => Epoch == 0;

    /// <summary>Members that only a later version knows, written again as they are.</summary>
    [JsonInclude]
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? More { get; internal set; }

    [JsonIgnore]
    public (Due Due, DateTimeOffset At) Next => State switch
    {
        LedgerState.Decided => (Due.Publishing, DecidedAt!.Value),
        LedgerState.Published => (Due.Forgetting, ForgetAt),
        _ => (Due.Ending, Deadline),
    };
}

internal enum Due
{
    /// <summary>It has no outcome: give it one when its deadline has passed.</summary>
    Ending = 1,

    /// <summary>Its event may not have been sent.</summary>
    Publishing = 2,

    Forgetting = 3,
}

/// <param name="Record">The record.</param>
/// <param name="Version">The store's row version or ETag; every write after the insert is conditional on it.</param>
/// <param name="WrittenAt">When it was last written, by the store's clock, or by ours where the store has none.</param>
/// <param name="StoreTime">The time of that same clock when the store answered.</param>
internal sealed record StoredRecord(LedgerRecord Record, string Version, DateTimeOffset WrittenAt, DateTimeOffset StoreTime)
{
    public TimeSpan LeaseLeft => Record.LeaseFor - (StoreTime - WrittenAt);

    /// <summary>Its owner has not been silent for too long.</summary>
    public bool IsWorkedOn => Record is { Outcome: null, Owner: not null } && LeaseLeft > TimeSpan.Zero;

    /// <summary>Why it waits; null where it does not, or nobody has written that down.</summary>
    public WaitReason? WaitsFor => Record is { Outcome: null, IsQueued: false } && !IsWorkedOn ? Record.Waiting : null;
}
