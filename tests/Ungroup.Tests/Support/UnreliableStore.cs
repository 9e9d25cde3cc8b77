using Ungroup.Ledger;

namespace Ungroup.Tests.Support;

/// <summary>A store that answers, or does not, as the test says: before the write, or after it was made.</summary>
internal sealed class UnreliableStore(ILedgerStore store) : ILedgerStore
{
    /// <summary>How many inserts fail from now on.</summary>
    public int InsertsToFail { get; set; }

    /// <summary>How many conditional writes fail from now on.</summary>
    public int WritesToFail { get; set; }

    /// <summary>The writes that fail are made all the same: only their reply is lost.</summary>
    public bool LosesReplies { get; set; }

    /// <summary>Runs before every conditional write.</summary>
    public Action<LedgerRecord> OnReplace { get; set; } = _ => { };

    public async Task<(StoredRecord Stored, bool Inserted)> InsertAsync(LedgerRecord record, CancellationToken cancellationToken)
    {
        if (InsertsToFail-- > 0)
        {
            throw await FailAsync(() => store.InsertAsync(record, cancellationToken));
        }

        return await store.InsertAsync(record, cancellationToken);
    }

    public async Task<StoredRecord?> ReplaceAsync(StoredRecord expected, LedgerRecord next, CancellationToken cancellationToken)
    {
        OnReplace(next);
        if (WritesToFail-- > 0)
        {
            throw await FailAsync(() => store.ReplaceAsync(expected, next, cancellationToken));
        }

        return await store.ReplaceAsync(expected, next, cancellationToken);
    }

    public Task<StoredRecord?> ReadAsync(LedgerKey key, CancellationToken cancellationToken) => store.ReadAsync(key, cancellationToken);

    public Task<IReadOnlyList<StoredRecord>> ReadDueAsync(Due due, DateTimeOffset before, int atMost, CancellationToken cancellationToken) =>
        store.ReadDueAsync(due, before, atMost, cancellationToken);

    public Task MarkPublishedAsync(IReadOnlyList<StoredRecord> decided, CancellationToken cancellationToken) =>
        store.MarkPublishedAsync(decided, cancellationToken);

    public Task<int> ForgetAsync(DateTimeOffset now, CancellationToken cancellationToken) => store.ForgetAsync(now, cancellationToken);

    public Task<IReadOnlyList<SharedNote>> ReadNotesAsync(string prefix, CancellationToken cancellationToken) =>
        store.ReadNotesAsync(prefix, cancellationToken);

    public Task<SharedNote?> WriteNoteAsync(SharedNote? expected, string name, string text, CancellationToken cancellationToken) =>
        store.WriteNoteAsync(expected, name, text, cancellationToken);

    public bool IsGone(string owner) => store.IsGone(owner);

    private async Task<LedgerUnavailableException> FailAsync(Func<Task> write)
    {
        if (LosesReplies)
        {
            await write();
        }

        return new("The disk is full.");
    }
}
