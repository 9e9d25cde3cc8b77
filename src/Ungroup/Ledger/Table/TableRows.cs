using Azure;
using Azure.Data.Tables;

namespace Ungroup.Ledger.Table;

/// <summary>Rows of the same table as the records, in partitions of their own; one transaction for each write.</summary>
internal sealed class TableRows(TableClient table, TableCalls calls) : IRowStore
{
    private const string Content = "Content";

    // No partition of records or notes has a ':'.
    private const string Prefix = "rows:";

    public Task<IReadOnlyList<StoredRow>> ReadRowsAsync(string partition, string from, string before, int atMost, CancellationToken cancellationToken)
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {Prefix + partition} and RowKey ge {from} and RowKey lt {before}");
        return calls.RunAsync<IReadOnlyList<StoredRow>>(
            async _ =>
            {
                // A page may be empty and still not the last.
                List<StoredRow> rows = [];
                await foreach (var page in table.QueryAsync<TableEntity>(filter, Math.Min(atMost, 1_000), cancellationToken: cancellationToken).AsPages())
                {
                    rows.AddRange(page.Values.Select(entity => Row(new(entity, page.GetRawResponse().Headers.Date))));
                    if (rows.Count >= atMost)
                    {
                        break;
                    }
                }

                return rows.Count > atMost ? rows[..atMost] : rows;
            },
            cancellationToken);
    }

    public Task<IReadOnlyList<string?>?> WriteRowsAsync(string partition, IReadOnlyList<RowChange> changes, CancellationToken cancellationToken)
    {
        var writeId = TableRow.NewWriteId();
        List<TableTransactionAction> actions = [.. changes.Select(change => ActionOf(Prefix + partition, change, writeId))];
        return calls.RunAsync(
            async tries =>
            {
                try
                {
                    var written = await table.SubmitTransactionAsync(actions, cancellationToken);
                    return [.. changes.Zip(written.Value, (change, row) => change is RowChange.Delete ? null : row.Headers.ETag?.ToString())];
                }
                catch (RequestFailedException error) when (TableFault.IsConflict(error))
                {
                    // After a lost reply it may be our own.
                    return tries > 1 ? await OurVersionsAsync(actions, writeId, cancellationToken) : null;
                }
            },
            cancellationToken);
    }

    /// <summary>All or none were written, so that one row of ours tells for all. A write that only deletes leaves none.</summary>
    private async Task<IReadOnlyList<string?>?> OurVersionsAsync(List<TableTransactionAction> actions, string writeId, CancellationToken cancellationToken)
    {
        List<string?> versions = [];
        foreach (var action in actions)
        {
            var found = action.ActionType == TableTransactionActionType.Delete ? null
                : await TableRow.FindAsync(table, action.Entity.PartitionKey, action.Entity.RowKey, cancellationToken);
            if (action.ActionType != TableTransactionActionType.Delete && found?.Entity.GetString(TableRow.WriteId) != writeId)
            {
                return null;
            }

            versions.Add(found?.Version);
        }

        return versions.Exists(version => version is not null) ? versions : null;
    }

    private static TableTransactionAction ActionOf(string partition, RowChange change, string writeId)
    {
        var entity = new TableEntity(partition, change.Name);
        if (change.Becomes is not { } content)
        {
            return new(TableTransactionActionType.Delete, entity, ETag.All);
        }

        entity[TableRow.WriteId] = writeId;
        LongColumn.Write(entity, Content, content.Span);
        return change switch
        {
            RowChange.Add => new(TableTransactionActionType.Add, entity),
            RowChange.Replace replace => new(TableTransactionActionType.UpdateReplace, entity, new ETag(replace.Version)),
            _ => new(TableTransactionActionType.UpsertReplace, entity),
        };
    }

    private static StoredRow Row(TableRow row) => new(row.Entity.RowKey, LongColumn.Read(row.Entity, Content), row.Version, row.WrittenAt, row.StoreTime);
}
