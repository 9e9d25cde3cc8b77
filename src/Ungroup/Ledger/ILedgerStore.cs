namespace Ungroup.Ledger;

/// <summary>
/// Durable records with conditional writes. Every method throws <see cref="LedgerUnavailableException"/> where the store does not
/// answer, and is durable once it has returned. An inserted record may become durable later, as long as no other process sees it
/// before and every later write to it is durable with it.
/// </summary>
internal interface ILedgerStore
{
    /// <summary>Rows beside the records, in the same place.</summary>
    IRowStore Rows { get; }

    Task<(StoredRecord Stored, bool Inserted)> InsertAsync(LedgerRecord record, CancellationToken cancellationToken);

    /// <summary>Writes <paramref name="next"/> if nobody has written since <paramref name="expected"/> was read; else returns null.</summary>
    Task<StoredRecord?> ReplaceAsync(StoredRecord expected, LedgerRecord next, CancellationToken cancellationToken);

    Task<StoredRecord?> ReadAsync(LedgerKey key, CancellationToken cancellationToken);

    /// <summary>Records that were due before an instant, those due longest first; with <paramref name="behind"/>, only those that follow it.</summary>
    Task<IReadOnlyList<StoredRecord>> ReadDueAsync(
        Due due, DateTimeOffset before, StoredRecord? behind, int atMost, CancellationToken cancellationToken);

    Task MarkPublishedAsync(IReadOnlyList<StoredRecord> decided, CancellationToken cancellationToken);

    Task<int> ForgetAsync(DateTimeOffset now, CancellationToken cancellationToken);

    Task<IReadOnlyList<SharedNote>> ReadNotesAsync(string prefix, CancellationToken cancellationToken);

    /// <summary>Writes a note if nobody has written it since <paramref name="expected"/> was read (null: if there is none); else returns null.</summary>
    Task<SharedNote?> WriteNoteAsync(SharedNote? expected, string name, string text, CancellationToken cancellationToken);

    /// <summary>Deletes a note if nobody has written it since it was read; else, and where it is gone already, returns false.</summary>
    Task<bool> DeleteNoteAsync(SharedNote expected, CancellationToken cancellationToken);

    /// <summary>Throws <see cref="LedgerTrouble.Gone"/> where others no longer find what was written, as when its file was deleted.</summary>
    Task CheckAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Whether the owner's process is known to be dead, so that its leases are over. False where nobody can tell.</summary>
    bool IsGone(string owner);
}
