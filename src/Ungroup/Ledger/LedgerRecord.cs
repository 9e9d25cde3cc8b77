using System.Text.Json;
using System.Text.Json.Serialization;
using Ungroup.Messages;
using Ungroup.Requests;

namespace Ungroup.Ledger;

/// <summary>Where a request is in its life.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<LedgerState>))]
public enum LedgerState
{
    /// <summary>Somebody works on it, or waits to; ECS was not called.</summary>
    Claimed = 1,

    /// <summary>LeaveSecurityGroup was about to be called, so it may have been.</summary>
    Called = 2,

    /// <summary>The outcome is known, its event may not have been sent.</summary>
    Decided = 3,

    /// <summary>The broker has taken the event.</summary>
    Published = 4,
}

/// <summary>The key of a record. Unique; the same request id in two accounts is two requests.</summary>
public sealed record LedgerKey(string Account, string RequestId);

/// <summary>What is durable of one request. A new property is a new member of the document that stores keep, and nothing else.</summary>
public sealed record LedgerRecord
{
    public required LedgerKey Key { get; init; }

    /// <summary>See <see cref="Requests.PayloadHash"/>.</summary>
    public required string PayloadHash { get; init; }

    public required LedgerState State { get; init; }

    /// <summary>Who holds the lease; null while the request waits and nobody does.</summary>
    public string? Owner { get; init; }

    /// <summary>Grows with every new owner, from 1.</summary>
    public int Epoch { get; init; } = 1;

    /// <summary>
    /// How long nobody else may take the request over, counted from the write of this record by the store's own clock, so
    /// that no worker's clock has a say in it.
    /// </summary>
    public TimeSpan LeaseFor { get; init; }

    /// <summary>How often LeaveSecurityGroup was about to be called, but for calls that are known never to have left.</summary>
    public int Attempts { get; init; }

    /// <summary>A call of ours may have had its effect without our knowing.</summary>
    public bool MayHaveLeft { get; init; }

    /// <summary>ECS's code of the last no.</summary>
    public string? LastCode { get; init; }

    /// <summary>A call was refused because somebody else had used the quota.</summary>
    public bool MetOthers { get; init; }

    /// <summary>How often ECS has answered with a code that is not known here.</summary>
    public int UnfamiliarReplies { get; init; }

    public required DateTimeOffset FirstSeenAt { get; init; }

    /// <summary>When the request ends one way or the other, also where its message is gone.</summary>
    public required DateTimeOffset Deadline { get; init; }

    /// <summary>The id the sender gave the message that brought the request first.</summary>
    public required string MessageId { get; init; }

    /// <summary>What was asked, so that it can be ended without its message; null once <see cref="Outcome"/> says it.</summary>
    public RemovalRequest? Request { get; init; }

    /// <summary>The event, from <see cref="LedgerState.Decided"/> on.</summary>
    public OutcomeEvent? Outcome { get; init; }

    public DateTimeOffset? DecidedAt { get; init; }

    /// <summary>From then on the record may be deleted.</summary>
    public required DateTimeOffset ForgetAt { get; init; }

    /// <summary>What a contain or a restore found; null before it has looked, and for a removal.</summary>
    public GroupSnapshot? Snapshot { get; init; }

    /// <summary>Members that only a later version knows; kept and written again as they are. Null where there are none.</summary>
    [JsonInclude]
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? More { get; internal set; }

    /// <summary>What the sweep has to do about this record next, and from when on.</summary>
    [JsonIgnore]
    public (Due Due, DateTimeOffset At) Next => State switch
    {
        LedgerState.Decided => (Due.Publishing, DecidedAt!.Value),
        LedgerState.Published => (Due.Forgetting, ForgetAt),
        _ => (Due.Ending, Deadline),
    };
}

/// <summary>What is left to do about a record where no message brings it up again.</summary>
public enum Due
{
    /// <summary>It has no outcome: give it one when its deadline has passed.</summary>
    Ending = 1,

    /// <summary>Its event may not have been sent.</summary>
    Publishing = 2,

    /// <summary>Nothing but to be deleted when its time is over.</summary>
    Forgetting = 3,
}

/// <summary>A record as a store holds it.</summary>
/// <param name="Record">What it says.</param>
/// <param name="Version">The store's row version or ETag; every write after the insert is conditional on it.</param>
/// <param name="WrittenAt">When it was last written, by the store's clock, or by ours where the store has none.</param>
/// <param name="StoreTime">What that same clock said when the store answered.</param>
public sealed record StoredRecord(LedgerRecord Record, string Version, DateTimeOffset WrittenAt, DateTimeOffset StoreTime)
{
    /// <summary>What is left of the lease; nothing or less when it is over.</summary>
    public TimeSpan LeaseLeft => Record.LeaseFor - (StoreTime - WrittenAt);
}
