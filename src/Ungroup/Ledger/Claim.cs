using Ungroup.Messages;

namespace Ungroup.Ledger;

internal abstract record Claim
{
    private Claim()
    {
    }

    public sealed record Granted(Lease Lease) : Claim;

    public sealed record Decided(StoredRecord Stored, OutcomeEvent Outcome) : Claim;

    /// <summary>Another owner has it, at most until <paramref name="Until"/> by our clock.</summary>
    public sealed record Busy(DateTimeOffset Until) : Claim
    {
        /// <summary>Nobody works on it now: it waits until then.</summary>
        public bool IsWaiting { get; init; }
    }

    /// <summary>The key belongs to a request that says something else.</summary>
    public sealed record Conflict(LedgerRecord Known) : Claim
    {
        public DateTimeOffset FirstSeenAt => Known.FirstSeenAt;
    }

    /// <summary>The store has no record and will never take one.</summary>
    public sealed record Refused(string Why) : Claim;
}

/// <summary>One owner's hold on a request. Each successful write renews it; after a conflict it is lost for good.</summary>
internal sealed class Lease
{
    internal Lease(StoredRecord stored) => Stored = stored;

    public LedgerRecord Record => Stored.Record;

    public bool IsLost { get; internal set; }

    internal StoredRecord Stored { get; set; }

    internal void TakeBackAttempt() => Say(Record with { Attempts = Record.Attempts - 1 });

    internal int CountUnfamiliarReply()
    {
        Say(Record with { UnfamiliarReplies = Record.UnfamiliarReplies + 1 });
        return Record.UnfamiliarReplies;
    }

    /// <summary>Notes the snapshot of a contain or restore. The next write says so.</summary>
    internal void Conclude(GroupSnapshot snapshot) => Say(Record with { Snapshot = snapshot });

    private void Say(LedgerRecord record) => Stored = Stored with { Record = record };
}
