using Ungroup.Ledger;

namespace Ungroup.Functions.Tests.Support;

/// <summary>A ledger that fails in one way, whatever it is asked.</summary>
internal sealed class FailingLedger(Func<Exception> failure) : ILedgerStore
{
    public IRowStore Rows { get; } = new FailingRows(failure);

    public Task<(StoredRecord Stored, bool Inserted)> InsertAsync(LedgerRecord record, CancellationToken cancellationToken) => throw failure();

    public Task<StoredRecord?> ReplaceAsync(StoredRecord expected, LedgerRecord next, CancellationToken cancellationToken) => throw failure();

    public Task<StoredRecord?> ReadAsync(LedgerKey key, CancellationToken cancellationToken) => throw failure();

    public Task<IReadOnlyList<StoredRecord>> ReadDueAsync(
        Due due, DateTimeOffset before, StoredRecord? behind, int atMost, CancellationToken cancellationToken) => throw failure();

    public Task MarkPublishedAsync(IReadOnlyList<StoredRecord> decided, CancellationToken cancellationToken) => throw failure();

    public Task<int> ForgetAsync(DateTimeOffset now, CancellationToken cancellationToken) => throw failure();

    public Task<IReadOnlyList<SharedNote>> ReadNotesAsync(string prefix, CancellationToken cancellationToken) => throw failure();

    public Task<SharedNote?> WriteNoteAsync(SharedNote? expected, string name, string text, CancellationToken cancellationToken) => throw failure();

    public Task<bool> DeleteNoteAsync(SharedNote expected, CancellationToken cancellationToken) => throw failure();

    public bool IsGone(string owner) => false;

    private sealed class FailingRows(Func<Exception> failure) : IRowStore
    {
        public Task<IReadOnlyList<StoredRow>> ReadRowsAsync(string partition, string from, string before, int atMost, CancellationToken cancellationToken) => throw failure();

        public Task<IReadOnlyList<string?>?> WriteRowsAsync(string partition, IReadOnlyList<RowChange> changes, CancellationToken cancellationToken) => throw failure();
    }
}
