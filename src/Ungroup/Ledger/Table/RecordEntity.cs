using System.Globalization;
using Azure.Data.Tables;

namespace Ungroup.Ledger.Table;

internal static class RecordEntity
{
    private const string State = "State";
    private const string Document = "Document";
    private const string Event = "Event";

    public static TableEntity Write(LedgerRecord record)
    {
        var entity = Key(record.Key);
        entity[State] = record.State.ToString();
        LongColumn.Write(entity, Document, LedgerDocument.Write(record));
        if (record.Outcome is { } outcome)
        {
            LongColumn.Write(entity, Event, outcome.Json.Span);
        }

        WriteEarlier(entity, record);
        return entity;
    }

    /// <summary>Only what publishing changes, so that many fit into one transaction.</summary>
    public static TableEntity WritePublished(LedgerKey key)
    {
        var entity = Key(key);
        entity[State] = nameof(LedgerState.Published);
        return entity;
    }

    public static LedgerRecord Read(TableEntity entity)
    {
        var told = LongColumn.Read(entity, Event);
        return LongColumn.Read(entity, Document) is { } document
            ? LedgerDocument.Read(document, Enum.Parse<LedgerState>(entity.GetString(State)), told)
            : EarlierColumns.Read(name => entity.TryGetValue(name, out var value) ? value : null, told);
    }

    private static void WriteEarlier(TableEntity entity, LedgerRecord record)
    {
        (entity["Account"], entity["RequestId"]) = (record.Key.Account, record.Key.RequestId);
        entity["Request"] = EarlierColumns.Request(record);
        foreach (var (name, of) in EarlierColumns.All)
        {
            entity[name] = of(record) switch
            {
                DateTimeOffset at => TableKeys.Instant(at),
                TimeSpan span => span.ToString("c", CultureInfo.InvariantCulture),
                var value => value,
            };
        }
    }

    private static TableEntity Key(LedgerKey key) =>
        new(TableKeys.Shard(key), TableKeys.Record(key)) { [TableRow.WriteId] = TableRow.NewWriteId() };
}
