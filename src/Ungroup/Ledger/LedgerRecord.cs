using Ungroup.Outcomes;

namespace Ungroup.Ledger;

/// <summary>Where a request is in its life.</summary>
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

/// <summary>What is durable of one request.</summary>
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

    /// <summary>Until then nobody else may take the request over.</summary>
    public DateTimeOffset LeaseUntil { get; init; }

    /// <summary>How often LeaveSecurityGroup was about to be called.</summary>
    public int Attempts { get; init; }

    /// <summary>A call of ours may have had its effect without our knowing.</summary>
    public bool MayHaveLeft { get; init; }

    /// <summary>ECS's code of the last no.</summary>
    public string? LastCode { get; init; }

    public required DateTimeOffset FirstSeenAt { get; init; }

    /// <summary>The event, from <see cref="LedgerState.Decided"/> on.</summary>
    public OutcomeEvent? Outcome { get; init; }

    public DateTimeOffset? DecidedAt { get; init; }

    /// <summary>From then on the record may be deleted.</summary>
    public required DateTimeOffset ForgetAt { get; init; }
}

/// <summary>A record as a store holds it.</summary>
/// <param name="Record">What it says.</param>
/// <param name="Version">The store's row version or ETag; every write after the insert is conditional on it.</param>
/// <param name="StoreTime">The store's clock when it answered, or ours where it has none. Leases are judged by it.</param>
public sealed record StoredRecord(LedgerRecord Record, string Version, DateTimeOffset StoreTime);
