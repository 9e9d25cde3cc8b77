using Azure;
using Azure.Data.Tables;

namespace Ungroup.Ledger.Table;

/// <summary>
/// Records in one table of Azure Table Storage, for any number of machines. Its clock judges leases, and its transactions keep each
/// record together with its due row: docs/decisions/0010-table-ledger.md.
/// </summary>
internal sealed class TableLedgerStore(TableClient table, TableCalls calls, TimeProvider clock) : ILedgerStore
{
    // A transaction takes a hundred actions; publishing has three for a record.
    private const int MostPublished = 33;

    private readonly TableWrites _writes = new(table, clock);
    private readonly TableDueRows _due = new(table, calls);
    private readonly TableNotes _notes = new(table, calls, clock);

    public IRowStore Rows { get; } = new TableRows(table, calls);

    public Task<(StoredRecord Stored, bool Inserted)> InsertAsync(LedgerRecord record, CancellationToken cancellationToken)
    {
        var entity = RecordEntity.Write(record);
        return calls.RunAsync(_ => InsertAsync(entity, record, cancellationToken), cancellationToken);
    }

    public Task<StoredRecord?> ReplaceAsync(StoredRecord expected, LedgerRecord next, CancellationToken cancellationToken)
    {
        var entity = RecordEntity.Write(next);
        return calls.RunAsync(
            async tries =>
            {
                try
                {
                    return await _writes.ReplaceAsync(entity, expected, next, cancellationToken);
                }
                catch (RequestFailedException error) when (TableFault.IsOvertaken(error))
                {
                    // After a lost reply we may have been overtaken by our own write.
                    return tries > 1 && await FindAsync(entity, cancellationToken) is { } found && found.IsWrittenBy(entity) ? Stored(found) : null;
                }
            },
            cancellationToken);
    }

    public Task<StoredRecord?> ReadAsync(LedgerKey key, CancellationToken cancellationToken) => calls.RunAsync(
        async _ => await TableRow.FindAsync(table, TableKeys.Shard(key), TableKeys.Record(key), cancellationToken) is { } found ? Stored(found) : null,
        cancellationToken);

    public async Task<IReadOnlyList<StoredRecord>> ReadDueAsync(
        Due due, DateTimeOffset before, StoredRecord? behind, int atMost, CancellationToken cancellationToken)
    {
        var from = behind is null ? TableKeys.From(due) : TableKeys.Behind(behind.Record);
        var rows = await _due.ReadAsync(from, TableKeys.Upto(due, before), atMost, cancellationToken);
        var found = await Task.WhenAll(rows.Select(row => FindDueAsync(row, cancellationToken)));
        return [.. found.OfType<StoredRecord>()];
    }

    public Task MarkPublishedAsync(IReadOnlyList<StoredRecord> decided, CancellationToken cancellationToken) => Task.WhenAll(
        decided.DistinctBy(stored => stored.Record.Key)
            .GroupBy(stored => TableKeys.Shard(stored.Record.Key))
            .SelectMany(shard => shard.Chunk(MostPublished))
            .Select(batch => PublishAsync(batch, cancellationToken)));

    public Task<int> ForgetAsync(DateTimeOffset now, CancellationToken cancellationToken) => _due.ForgetAsync(now, cancellationToken);

    public Task<IReadOnlyList<SharedNote>> ReadNotesAsync(string prefix, CancellationToken cancellationToken) =>
        _notes.ReadAsync(prefix, cancellationToken);

    public Task<SharedNote?> WriteNoteAsync(SharedNote? expected, string name, string text, CancellationToken cancellationToken) =>
        _notes.WriteAsync(expected, name, text, cancellationToken);

    public Task<bool> DeleteNoteAsync(SharedNote expected, CancellationToken cancellationToken) => _notes.DeleteAsync(expected, cancellationToken);

    public bool IsGone(string owner) => false;

    private async Task<(StoredRecord Stored, bool Inserted)> InsertAsync(TableEntity entity, LedgerRecord record, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return (await _writes.AddAsync(entity, record, cancellationToken), true);
            }
            catch (RequestFailedException error) when (TableFault.IsTaken(error))
            {
                // Null: it was forgotten just now, and the place is free.
                if (await FindAsync(entity, cancellationToken) is { } found)
                {
                    return (Stored(found), found.IsWrittenBy(entity));
                }
            }
        }
    }

    private async Task PublishAsync(StoredRecord[] batch, CancellationToken cancellationToken)
    {
        if (!await calls.TryAsync(() => table.SubmitTransactionAsync(batch.SelectMany(TableWrites.Publish), cancellationToken), cancellationToken))
        {
            // One of them was written since: that one is skipped, and the others are not.
            await Task.WhenAll(batch.Select(stored =>
                ReplaceAsync(stored, stored.Record with { State = LedgerState.Published }, cancellationToken)));
        }
    }

    private async Task<StoredRecord?> FindDueAsync(TableEntity dueRow, CancellationToken cancellationToken)
    {
        var found = await calls.RunAsync(
            _ => TableRow.FindAsync(table, dueRow.PartitionKey, TableKeys.RecordOf(dueRow.RowKey), cancellationToken), cancellationToken);
        if (found is not null && Stored(found) is var stored && TableKeys.Due(stored.Record) == dueRow.RowKey)
        {
            return stored;
        }

        // The record has most likely moved on since, and the row with it. A row that was left behind goes.
        await _due.DropAsync(dueRow, cancellationToken);
        return null;
    }

    private Task<TableRow?> FindAsync(TableEntity entity, CancellationToken cancellationToken) =>
        TableRow.FindAsync(table, entity.PartitionKey, entity.RowKey, cancellationToken);

    private static StoredRecord Stored(TableRow row) => new(RecordEntity.Read(row.Entity), row.Version, row.WrittenAt, row.StoreTime);
}
