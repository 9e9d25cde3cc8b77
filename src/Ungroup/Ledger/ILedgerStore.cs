namespace Ungroup.Ledger;

/// <summary>
/// Durable records with conditional writes; what they mean is <see cref="RemovalLedger"/>'s business. Every method throws
/// <see cref="LedgerUnavailableException"/> where the store does not answer, and is durable once it has returned.
/// </summary>
public interface ILedgerStore
{
    /// <summary>Writes the record if there is none with its key; returns what is there now, and whether it is ours.</summary>
    Task<(StoredRecord Stored, bool Inserted)> InsertAsync(LedgerRecord record, CancellationToken cancellationToken);

    /// <summary>Writes <paramref name="next"/> if nobody has written since <paramref name="expected"/> was read; else returns null.</summary>
    Task<StoredRecord?> ReplaceAsync(StoredRecord expected, LedgerRecord next, CancellationToken cancellationToken);

    Task<StoredRecord?> ReadAsync(LedgerKey key, CancellationToken cancellationToken);

    /// <summary>Records in <see cref="LedgerState.Decided"/> that were decided before an instant, oldest first.</summary>
    Task<IReadOnlyList<StoredRecord>> ReadPendingAsync(DateTimeOffset decidedBefore, int atMost, CancellationToken cancellationToken);

    /// <summary>Deletes records that were published and whose time is over; returns how many.</summary>
    Task<int> ForgetAsync(DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Whether the process behind an owner is known to be dead, so that its leases are over. False where nobody can tell.</summary>
    bool IsGone(string owner);
}

/// <summary>The store did not answer. Nothing may be called without a record, so the message has to wait.</summary>
public sealed class LedgerUnavailableException : Exception
{
    public LedgerUnavailableException()
    {
    }

    public LedgerUnavailableException(string message)
        : base(message)
    {
    }

    public LedgerUnavailableException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
