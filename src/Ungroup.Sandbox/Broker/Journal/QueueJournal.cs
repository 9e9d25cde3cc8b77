using Microsoft.Data.Sqlite;
using Ungroup.Sandbox.Broker.Queues;

namespace Ungroup.Sandbox.Broker.Journal;

/// <summary>
/// One queue's rows. A batch is one transaction: its sends, settlements and moves to the dead letters survive together
/// or not at all. Locks are not written, so after a crash a locked message is simply there again, its count unchanged.
/// </summary>
internal sealed class QueueJournal(SqliteJournal file, long queue)
{
    private long _nextSequence;

    public void Restore(QueueState state)
    {
        lock (file.Gate)
        {
            using var next = Command("SELECT next_sequence FROM queue WHERE id = $queue");
            _nextSequence = (long)next.ExecuteScalar()!;

            using var ids = Command("SELECT id, at FROM seen WHERE queue = $queue ORDER BY at");
            using var seen = ids.ExecuteReader();
            using var rows = Command($"SELECT {MessageRow.Columns} FROM message WHERE queue = $queue ORDER BY sequence");
            using var messages = rows.ExecuteReader();
            state.Restore(MessageRow.ReadAll(messages), _nextSequence, ReadAll(seen));
        }
    }

    public bool Lacks(QueueChanges changes) => !changes.IsEmpty || changes.NextSequence != _nextSequence;

    /// <summary>Within a transaction of the file.</summary>
    public void Write(QueueChanges changes)
    {
        using (var writer = new MessageWriter(file, queue))
        {
            foreach (var message in changes.Messages)
            {
                writer.Write(message);
            }
        }

        WriteSeen(changes);
        WriteNextSequence(changes.NextSequence);
    }

    /// <summary>Once that transaction has ended well.</summary>
    public void Committed(QueueChanges changes)
    {
        foreach (var message in changes.Messages)
        {
            message.IsJournaled = true;
            message.IsPayloadChanged = false;
        }

        _nextSequence = changes.NextSequence;
    }

    private void WriteSeen(QueueChanges changes)
    {
        if (changes.Forgotten.Count > 0)
        {
            using var forget = Command("DELETE FROM seen WHERE queue = $queue AND id = $id");
            var id = forget.Parameters.Add("$id", SqliteType.Text);
            foreach (var forgotten in changes.Forgotten)
            {
                id.Value = forgotten;
                forget.ExecuteNonQuery();
            }
        }

        if (changes.Seen.Count > 0)
        {
            using var remember = Command("INSERT OR REPLACE INTO seen (queue, id, at) VALUES ($queue, $id, $at)");
            var (id, at) = (remember.Parameters.Add("$id", SqliteType.Text), remember.Parameters.Add("$at", SqliteType.Integer));
            foreach (var seen in changes.Seen)
            {
                (id.Value, at.Value) = (seen.Id, seen.At.UtcTicks);
                remember.ExecuteNonQuery();
            }
        }
    }

    private void WriteNextSequence(long next)
    {
        if (next == _nextSequence)
        {
            return;
        }

        using var command = Command("UPDATE queue SET next_sequence = $next WHERE id = $queue");
        command.Parameters.AddWithValue("$next", next);
        command.ExecuteNonQuery();
    }

    private SqliteCommand Command(string text)
    {
        var command = file.Command(text);
        command.Parameters.AddWithValue("$queue", queue);
        return command;
    }

    private static IEnumerable<SeenId> ReadAll(SqliteDataReader reader)
    {
        while (reader.Read())
        {
            yield return new(reader.GetString(0), new(reader.GetInt64(1), TimeSpan.Zero));
        }
    }
}
