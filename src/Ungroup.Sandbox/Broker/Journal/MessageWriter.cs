using Microsoft.Data.Sqlite;
using Ungroup.Sandbox.Broker.Queues;

namespace Ungroup.Sandbox.Broker.Journal;

/// <summary>Writes messages inside a transaction; each statement is prepared when the batch first needs it.</summary>
internal sealed class MessageWriter(SqliteJournal file, long queue) : IDisposable
{
    private const string Insert = """
        INSERT INTO message (queue, sequence, place, state, enqueued_at, scheduled_for, time_to_live, failed_deliveries, reason, description, payload)
        VALUES ($queue, $sequence, $place, $state, $enqueued, $scheduled, $ttl, $failed, $reason, $description, $payload)
        """;

    private const string Update = """
        UPDATE message SET place = $place, state = $state, enqueued_at = $enqueued, failed_deliveries = $failed, reason = $reason,
            description = $description, payload = coalesce($payload, payload) WHERE queue = $queue AND sequence = $sequence
        """;

    private const string Delete = "DELETE FROM message WHERE queue = $queue AND sequence = $sequence";

    private readonly Dictionary<string, SqliteCommand> _prepared = [];

    public void Write(QueuedMessage message)
    {
        switch (message)
        {
            case { IsRemoved: true, IsJournaled: false }:
                break;
            case { IsRemoved: true }:
                Command(Delete, message).ExecuteNonQuery();
                break;
            case { IsJournaled: false }:
                Set(Command(Insert, message), message, message.Payload).ExecuteNonQuery();
                break;
            default:
                Set(Command(Update, message), message, message.IsPayloadChanged ? message.Payload : null).ExecuteNonQuery();
                break;
        }
    }

    public void Dispose()
    {
        foreach (var command in _prepared.Values)
        {
            command.Dispose();
        }
    }

    private SqliteCommand Command(string text, QueuedMessage message)
    {
        if (!_prepared.TryGetValue(text, out var command))
        {
            command = _prepared[text] = file.Command(text);
        }

        command.Parameters.Clear();
        command.Parameters.AddWithValue("$queue", queue);
        command.Parameters.AddWithValue("$sequence", message.Sequence);
        return command;
    }

    private static SqliteCommand Set(SqliteCommand command, QueuedMessage message, byte[]? payload)
    {
        var parameters = command.Parameters;
        parameters.AddWithValue("$place", (int)message.Place);
        parameters.AddWithValue("$state", (int)message.State);
        parameters.AddWithValue("$enqueued", message.EnqueuedAt.UtcTicks);
        parameters.AddWithValue("$failed", message.FailedDeliveries);
        parameters.AddWithValue("$reason", (object?)message.Why?.Reason ?? DBNull.Value);
        parameters.AddWithValue("$description", (object?)message.Why?.Description ?? DBNull.Value);
        parameters.AddWithValue("$payload", (object?)payload ?? DBNull.Value);
        if (command.CommandText == Insert)
        {
            parameters.AddWithValue("$scheduled", (object?)message.ScheduledFor?.UtcTicks ?? DBNull.Value);
            parameters.AddWithValue("$ttl", (object?)message.TimeToLive?.Ticks ?? DBNull.Value);
        }

        return command;
    }
}
