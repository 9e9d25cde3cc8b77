using Ungroup.Messages;

namespace Ungroup.Ledger;

/// <summary>The ledger's answer to who works on a request.</summary>
public abstract record Claim
{
    private Claim()
    {
    }

    /// <summary>The caller does, until the lease is over.</summary>
    public sealed record Granted(Lease Lease) : Claim;

    /// <summary>Nobody: it was decided before.</summary>
    public sealed record Decided(StoredRecord Stored, OutcomeEvent Outcome) : Claim;

    /// <summary>Somebody else does, at the latest until <paramref name="Until"/> by our clock.</summary>
    public sealed record Busy(DateTimeOffset Until) : Claim;

    /// <summary>The key belongs to a request that says something else.</summary>
    public sealed record Conflict(LedgerRecord Known) : Claim
    {
        public DateTimeOffset FirstSeenAt => Known.FirstSeenAt;
    }

    /// <summary>There is no record, and the store will never take one.</summary>
    public sealed record Refused(string Why) : Claim;
}

/// <summary>One owner's hold on a request. Every successful write moves it on; after a conflict it is lost for good.</summary>
public sealed class Lease
{
    internal Lease(StoredRecord stored) => Stored = stored;

    public LedgerRecord Record => Stored.Record;

    public bool IsLost { get; internal set; }

    internal StoredRecord Stored { get; set; }

    /// <summary>The call that was about to be made never left this machine, and so was none. The next write says so.</summary>
    internal void TakeBackAttempt() => Say(Record with { Attempts = Record.Attempts - 1 });

    /// <summary>ECS has answered with a code that is not known here, so often by now. The next write says so.</summary>
    internal int CountUnfamiliarReply()
    {
        Say(Record with { UnfamiliarReplies = Record.UnfamiliarReplies + 1 });
        return Record.UnfamiliarReplies;
    }

    /// <summary>What a contain or restore has come to. The next write says so.</summary>
    internal void Conclude(GroupSnapshot snapshot) => Say(Record with { Snapshot = snapshot });

    private void Say(LedgerRecord record) => Stored = Stored with { Record = record };
}
