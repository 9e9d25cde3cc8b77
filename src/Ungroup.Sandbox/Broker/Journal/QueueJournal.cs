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
            using var next = file.Command("SELECT next_sequence FROM queue WHERE id = $queue");
            next.Parameters.AddWithValue("$queue", queue);
            _nextSequence = (long)next.ExecuteScalar()!;

            using var rows = file.Command($"SELECT {MessageRow.Columns} FROM message WHERE queue = $queue ORDER BY sequence");
            rows.Parameters.AddWithValue("$queue", queue);
            using var reader = rows.ExecuteReader();
            state.Restore(MessageRow.ReadAll(reader), _nextSequence);
        }
    }

    public void Commit(QueueChanges changes)
    {
        if (changes.IsEmpty && changes.NextSequence == _nextSequence)
        {
            return;
        }

        lock (file.Gate)
        {
            using var transaction = file.Begin();
            using (var writer = new MessageWriter(file, queue))
            {
                foreach (var message in changes.Messages)
                {
                    writer.Write(message);
                }
            }

            WriteNextSequence(changes.NextSequence);
            transaction.Commit();
        }

        foreach (var message in changes.Messages)
        {
            message.IsJournaled = true;
            message.IsPayloadChanged = false;
        }

        _nextSequence = changes.NextSequence;
    }

    private void WriteNextSequence(long next)
    {
        if (next == _nextSequence)
        {
            return;
        }

        using var command = file.Command("UPDATE queue SET next_sequence = $next WHERE id = $queue");
        command.Parameters.AddWithValue("$next", next);
        command.Parameters.AddWithValue("$queue", queue);
        command.ExecuteNonQuery();
    }
}
