using Azure;
using Azure.Data.Tables;

namespace Ungroup.Ledger.Table;

/// <summary>Writes a record together with its due row: one round trip, all or nothing.</summary>
internal sealed class TableWrites(TableClient table, TimeProvider clock)
{
    public Task<StoredRecord> AddAsync(TableEntity entity, LedgerRecord record, CancellationToken cancellationToken) =>
        SubmitAsync([new(TableTransactionActionType.Add, entity), IsDue(record)], record, cancellationToken);

    public async Task<StoredRecord> ReplaceAsync(TableEntity entity, StoredRecord expected, LedgerRecord next, CancellationToken cancellationToken)
    {
        var version = new ETag(expected.Version);
        if (expected.Record.Next == next.Next)
        {
            var response = await table.UpdateEntityAsync(entity, version, TableUpdateMode.Replace, cancellationToken);
            return Stored(next, response, response.Headers.Date);
        }

        TableTransactionAction[] actions =
            [new(TableTransactionActionType.UpdateReplace, entity, version), IsNoLongerDue(expected.Record), IsDue(next)];
        return await SubmitAsync(actions, next, cancellationToken);
    }

    public static IEnumerable<TableTransactionAction> Publish(StoredRecord decided)
    {
        var entity = RecordEntity.WritePublished(decided.Record.Key);
        return
        [
            new(TableTransactionActionType.UpdateMerge, entity, new ETag(decided.Version)),
            IsNoLongerDue(decided.Record),
            IsDue(decided.Record with { State = LedgerState.Published }),
        ];
    }

    private async Task<StoredRecord> SubmitAsync(
        TableTransactionAction[] actions, LedgerRecord record, CancellationToken cancellationToken)
    {
        try
        {
            var response = await table.SubmitTransactionAsync(actions, cancellationToken);
            return Stored(record, response.Value[0], response.GetRawResponse().Headers.Date);
        }
        catch (TableTransactionFailedException error) when (TableFault.IsMissing(error) && error.FailedTransactionActionIndex == 1)
        {
            // A due row that was removed by hand must not hold up its record for ever.
            return await SubmitAsync([actions[0], .. actions.Skip(2)], record, cancellationToken);
        }
    }

    // The lease of a record just written is whole.
    private StoredRecord Stored(LedgerRecord record, Response written, DateTimeOffset? answeredAt)
    {
        var at = answeredAt ?? clock.GetUtcNow();
        return new(record, written.Headers.ETag!.Value.ToString(), at, at);
    }

    private static TableTransactionAction IsDue(LedgerRecord record) =>
        new(TableTransactionActionType.UpsertReplace, new TableEntity(TableKeys.Shard(record.Key), TableKeys.Due(record)));

    private static TableTransactionAction IsNoLongerDue(LedgerRecord record) =>
        new(TableTransactionActionType.Delete, new TableEntity(TableKeys.Shard(record.Key), TableKeys.Due(record)), ETag.All);
}
