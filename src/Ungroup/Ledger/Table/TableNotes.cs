using Azure;
using Azure.Data.Tables;

namespace Ungroup.Ledger.Table;

internal sealed class TableNotes(TableClient table, TableCalls calls, TimeProvider clock)
{
    private const string Partition = "notes";
    private const string Text = "Text";

    public Task<IReadOnlyList<SharedNote>> ReadAsync(string prefix, CancellationToken cancellationToken)
    {
        // No character of a name comes after '~'.
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {Partition} and RowKey ge {prefix} and RowKey lt {prefix + "~"}");
        return calls.RunAsync<IReadOnlyList<SharedNote>>(
            async _ =>
            {
                List<SharedNote> notes = [];
                await foreach (var page in table.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken).AsPages())
                {
                    notes.AddRange(page.Values.Select(entity => Note(new(entity, page.GetRawResponse().Headers.Date))));
                }

                return notes;
            },
            cancellationToken);
    }

    public Task<SharedNote?> WriteAsync(SharedNote? expected, string name, string text, CancellationToken cancellationToken)
    {
        var entity = new TableEntity(Partition, name) { [Text] = text, [TableRow.WriteId] = TableRow.NewWriteId() };
        return calls.RunAsync(
            async tries =>
            {
                try
                {
                    return Note(name, text, await (expected is null
                        ? table.AddEntityAsync(entity, cancellationToken)
                        : table.UpdateEntityAsync(entity, new ETag(expected.Version), TableUpdateMode.Replace, cancellationToken)));
                }
                catch (RequestFailedException error) when (TableFault.IsConflict(error))
                {
                    // After a lost reply it may be our own.
                    return tries > 1 && await TableRow.FindAsync(table, Partition, name, cancellationToken) is { } found && found.IsWrittenBy(entity)
                        ? Note(found)
                        : null;
                }
            },
            cancellationToken);
    }

    /// <summary>After a lost reply, a note that is gone may have been deleted by this very call.</summary>
    public Task<bool> DeleteAsync(SharedNote expected, CancellationToken cancellationToken) => calls.RunAsync(
        async tries =>
        {
            try
            {
                return !(await table.DeleteEntityAsync(Partition, expected.Name, new ETag(expected.Version), cancellationToken)).IsError || tries > 1;
            }
            catch (RequestFailedException error) when (TableFault.IsOvertaken(error))
            {
                return tries > 1 && TableFault.IsMissing(error);
            }
        },
        cancellationToken);

    private SharedNote Note(string name, string text, Response written)
    {
        var at = written.Headers.Date ?? clock.GetUtcNow();
        return new(name, text, written.Headers.ETag!.Value.ToString(), at, at);
    }

    private static SharedNote Note(TableRow row) => new(row.Entity.RowKey, row.Entity.GetString(Text), row.Version, row.WrittenAt, row.StoreTime);
}
