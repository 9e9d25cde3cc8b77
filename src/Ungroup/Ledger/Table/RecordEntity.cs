using System.Globalization;
using Azure.Data.Tables;
using Ungroup.Messages;

namespace Ungroup.Ledger.Table;

/// <summary>A record as the columns of a row. Instants are text; what was asked and what was told are bytes.</summary>
internal static class RecordEntity
{
    private const string State = "State";
    private const string Request = "Request";
    private const string Event = "Event";

    public static TableEntity Write(LedgerRecord record)
    {
        var entity = Key(record.Key);
        entity["Account"] = record.Key.Account;
        entity["RequestId"] = record.Key.RequestId;
        entity["PayloadHash"] = record.PayloadHash;
        entity[State] = record.State.ToString();
        entity["Owner"] = record.Owner;
        entity["Epoch"] = record.Epoch;
        entity["LeaseFor"] = record.LeaseFor.ToString("c", CultureInfo.InvariantCulture);
        entity["Attempts"] = record.Attempts;
        entity["MayHaveLeft"] = record.MayHaveLeft;
        entity["LastCode"] = record.LastCode;
        entity["MetOthers"] = record.MetOthers;
        entity["UnfamiliarReplies"] = record.UnfamiliarReplies;
        entity["FirstSeenAt"] = TableKeys.Instant(record.FirstSeenAt);
        entity["Deadline"] = TableKeys.Instant(record.Deadline);
        entity["MessageId"] = record.MessageId;
        entity["DecidedAt"] = record.DecidedAt is { } decided ? TableKeys.Instant(decided) : null;
        entity["ForgetAt"] = TableKeys.Instant(record.ForgetAt);
        if (record.Request is { } request)
        {
            LongColumn.Write(entity, Request, AskedRequest.Write(request));
        }

        if (record.Outcome is { } outcome)
        {
            entity["EventId"] = outcome.Id;
            entity["EventType"] = outcome.Type;
            entity["EventSubject"] = outcome.Subject;
            LongColumn.Write(entity, Event, outcome.Json.Span);
        }

        return entity;
    }

    /// <summary>Only what publishing changes, to be merged into the row: many fit into one transaction, however long their events are.</summary>
    public static TableEntity WritePublished(LedgerKey key)
    {
        var entity = Key(key);
        entity[State] = nameof(LedgerState.Published);
        return entity;
    }

    public static LedgerRecord Read(TableEntity entity) => new()
    {
        Key = new(entity.GetString("Account"), entity.GetString("RequestId")),
        PayloadHash = entity.GetString("PayloadHash"),
        State = Enum.Parse<LedgerState>(entity.GetString(State)),
        Owner = entity.GetString("Owner"),
        Epoch = entity.GetInt32("Epoch")!.Value,
        LeaseFor = TimeSpan.ParseExact(entity.GetString("LeaseFor"), "c", CultureInfo.InvariantCulture),
        Attempts = entity.GetInt32("Attempts")!.Value,
        MayHaveLeft = entity.GetBoolean("MayHaveLeft")!.Value,
        LastCode = entity.GetString("LastCode"),
        MetOthers = entity.GetBoolean("MetOthers") ?? false,
        UnfamiliarReplies = entity.GetInt32("UnfamiliarReplies") ?? 0,
        FirstSeenAt = TableKeys.Instant(entity.GetString("FirstSeenAt")),
        Deadline = TableKeys.Instant(entity.GetString("Deadline")),
        MessageId = entity.GetString("MessageId"),
        Request = LongColumn.Read(entity, Request) is { } asked ? AskedRequest.Read(asked) : null,
        Outcome = LongColumn.Read(entity, Event) is { } told
            ? new OutcomeEvent(entity.GetString("EventId"), entity.GetString("EventType"), entity.GetString("EventSubject"), told)
            : null,
        DecidedAt = entity.GetString("DecidedAt") is { } decided ? TableKeys.Instant(decided) : null,
        ForgetAt = TableKeys.Instant(entity.GetString("ForgetAt")),
    };

    private static TableEntity Key(LedgerKey key) =>
        new(TableKeys.Shard(key), TableKeys.Record(key)) { [TableRow.WriteId] = TableRow.NewWriteId() };
}
