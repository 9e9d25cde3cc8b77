using Azure;
using Azure.Data.Tables;

namespace Ungroup.Ledger.Table;

/// <summary>Finds what is due by ranges of keys in each partition, never by looking at every record.</summary>
internal sealed class TableDueRows(TableClient table, TableCalls calls)
{
    // A transaction takes a hundred actions; forgetting has two for a record.
    private const int MostForgotten = 50;

    public async Task<IReadOnlyList<TableEntity>> ReadAsync(string from, string upto, int atMost, CancellationToken cancellationToken)
    {
        var rows = await Task.WhenAll(TableKeys.Shards.Select(shard => ReadAsync(shard, from, upto, atMost, cancellationToken)));
        return [.. rows.SelectMany(row => row).OrderBy(row => row.RowKey, StringComparer.Ordinal).Take(atMost)];
    }

    public async Task<int> ForgetAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var forgotten = await Task.WhenAll(TableKeys.Shards.Select(shard => ForgetAsync(shard, now, cancellationToken)));
        return forgotten.Sum();
    }

    public Task DropAsync(TableEntity row, CancellationToken cancellationToken) => calls.TryAsync(
        () => table.DeleteEntityAsync(row.PartitionKey, row.RowKey, row.ETag, cancellationToken), cancellationToken);

    private async Task<int> ForgetAsync(string shard, DateTimeOffset now, CancellationToken cancellationToken)
    {
        for (var total = 0; ;)
        {
            var rows = await ReadAsync(shard, TableKeys.From(Due.Forgetting), TableKeys.Through(Due.Forgetting, now), MostForgotten, cancellationToken);
            var forgotten = rows.Count == 0 ? 0 : await ForgetBatchAsync(rows, cancellationToken);
            total += forgotten;
            if (forgotten < MostForgotten)
            {
                return total;
            }
        }
    }

    /// <summary>A record goes together with its due row: where that is gone, the key may be a new record's by now.</summary>
    private async Task<int> ForgetBatchAsync(List<TableEntity> rows, CancellationToken cancellationToken)
    {
        if (await calls.TryAsync(() => table.SubmitTransactionAsync(rows.SelectMany(Forget), cancellationToken), cancellationToken))
        {
            return rows.Count;
        }

        if (rows is [var row])
        {
            // Another sweep was here, or a row has no record and nothing else would ever find it.
            var isAlone = await calls.RunAsync(
                _ => TableRow.FindAsync(table, row.PartitionKey, TableKeys.RecordOf(row.RowKey), cancellationToken), cancellationToken) is null;
            await (isAlone ? DropAsync(row, cancellationToken) : Task.CompletedTask);
            return 0;
        }

        var forgotten = await Task.WhenAll(rows.Select(one => ForgetBatchAsync([one], cancellationToken)));
        return forgotten.Sum();
    }

    private Task<List<TableEntity>> ReadAsync(string shard, string from, string upto, int atMost, CancellationToken cancellationToken)
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {shard} and RowKey ge {from} and RowKey lt {upto}");
        return calls.RunAsync(_ => table.QueryAsync<TableEntity>(filter, Math.Min(atMost, 1000), cancellationToken: cancellationToken)
            .Take(atMost).ToListAsync(cancellationToken).AsTask(), cancellationToken);
    }

    private static IEnumerable<TableTransactionAction> Forget(TableEntity row) =>
    [
        new(TableTransactionActionType.Delete, new TableEntity(row.PartitionKey, TableKeys.RecordOf(row.RowKey)), ETag.All),
        new(TableTransactionActionType.Delete, row, ETag.All),
    ];
}
