using Microsoft.Data.Sqlite;
using Ungroup.Sandbox.Broker.Queues;

namespace Ungroup.Sandbox.Broker.Journal;

internal static class MessageRow
{
    public const string Columns =
        "sequence, place, state, enqueued_at, scheduled_for, time_to_live, failed_deliveries, reason, description, payload";

    public static IEnumerable<QueuedMessage> ReadAll(SqliteDataReader reader)
    {
        while (reader.Read())
        {
            yield return new()
            {
                Sequence = reader.GetInt64(0),
                Place = (SubQueueName)reader.GetInt32(1),
                State = (MessageState)reader.GetInt32(2),
                EnqueuedAt = new(reader.GetInt64(3), TimeSpan.Zero),
                ScheduledFor = reader.IsDBNull(4) ? null : new DateTimeOffset(reader.GetInt64(4), TimeSpan.Zero),
                TimeToLive = reader.IsDBNull(5) ? null : new TimeSpan(reader.GetInt64(5)),
                FailedDeliveries = reader.GetInt32(6),
                Why = reader.IsDBNull(7) && reader.IsDBNull(8) ? null : new(Text(reader, 7), Text(reader, 8)),
                Payload = reader.GetFieldValue<byte[]>(9),
                IsJournaled = true,
            };
        }
    }

    private static string? Text(SqliteDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
}
