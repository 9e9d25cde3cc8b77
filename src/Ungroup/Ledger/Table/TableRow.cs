using Azure;
using Azure.Data.Tables;

namespace Ungroup.Ledger.Table;

internal sealed record TableRow(TableEntity Entity, DateTimeOffset? AnsweredAt)
{
    /// <summary>Tells our own write from another's where a reply was lost.</summary>
    public const string WriteId = "WriteId";

    public string Version => Entity.ETag.ToString();

    public DateTimeOffset WrittenAt => Entity.Timestamp ?? default;

    /// <summary>In whole seconds, rounded down: a lease looks longer than it is, never shorter.</summary>
    public DateTimeOffset StoreTime => AnsweredAt ?? WrittenAt;

    public static async Task<TableRow?> FindAsync(TableClient table, string partition, string row, CancellationToken cancellationToken)
    {
        try
        {
            var found = await table.GetEntityAsync<TableEntity>(partition, row, select: null, cancellationToken);
            return new(found.Value, found.GetRawResponse().Headers.Date);
        }
        catch (RequestFailedException error) when (TableFault.IsMissing(error))
        {
            return null;
        }
    }

    public static string NewWriteId() => Guid.NewGuid().ToString("N");

    public bool IsWrittenBy(TableEntity entity) => Entity.GetString(WriteId) == entity.GetString(WriteId);
}
