namespace Ungroup.Ledger;

/// <summary>
/// Durable records with conditional writes; what they mean is <see cref="RemovalLedger"/>'s business. Every method throws
/// <see cref="LedgerUnavailableException"/> where the store does not answer, and is durable once it has returned; only a record that was
/// just inserted may become so later, as long as nobody else is told of it before and every later write to it is durable with it.
/// </summary>
public interface ILedgerStore
{
    /// <summary>Writes the record if there is none with its key; returns what is there now, and whether it is ours.</summary>
    Task<(StoredRecord Stored, bool Inserted)> InsertAsync(LedgerRecord record, CancellationToken cancellationToken);

    /// <summary>Writes <paramref name="next"/> if nobody has written since <paramref name="expected"/> was read; else returns null.</summary>
    Task<StoredRecord?> ReplaceAsync(StoredRecord expected, LedgerRecord next, CancellationToken cancellationToken);

    Task<StoredRecord?> ReadAsync(LedgerKey key, CancellationToken cancellationToken);

    /// <summary>
    /// Records whose <see cref="LedgerRecord.Next"/> is this and was due before an instant, those due longest first as far as the
    /// store can tell; where <paramref name="behind"/> is given, only those that come behind it, as it was when it was read.
    /// </summary>
    Task<IReadOnlyList<StoredRecord>> ReadDueAsync(
        Due due, DateTimeOffset before, StoredRecord? behind, int atMost, CancellationToken cancellationToken);

    /// <summary>Makes decided records published, in as few writes as the store allows. Skips those that somebody else has written since.</summary>
    Task MarkPublishedAsync(IReadOnlyList<StoredRecord> decided, CancellationToken cancellationToken);

    /// <summary>Deletes records that were published and whose time is over; returns how many.</summary>
    Task<int> ForgetAsync(DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Notes whose names begin so, by name.</summary>
    Task<IReadOnlyList<SharedNote>> ReadNotesAsync(string prefix, CancellationToken cancellationToken);

    /// <summary>
    /// Writes a note if nobody has written it since <paramref name="expected"/> was read, or if there is none and none was
    /// expected; else returns null.
    /// </summary>
    Task<SharedNote?> WriteNoteAsync(SharedNote? expected, string name, string text, CancellationToken cancellationToken);

    /// <summary>Looks whether what was written is still where others find it. A store that cannot lose it unnoticed has nothing to look at.</summary>
    /// <exception cref="LedgerUnavailableException">It is <see cref="LedgerTrouble.Gone"/>.</exception>
    Task CheckAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Whether the process behind an owner is known to be dead, so that its leases are over. False where nobody can tell.</summary>
    bool IsGone(string owner);
}
