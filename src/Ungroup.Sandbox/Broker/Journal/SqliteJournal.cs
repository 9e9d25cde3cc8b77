using Microsoft.Data.Sqlite;
using Ungroup.Sandbox.Broker.Queues;

namespace Ungroup.Sandbox.Broker.Journal;

/// <summary>
/// The file that makes a promise durable: one SQLite database, write-ahead log, a full sync at each commit. It is locked
/// for this process, because two brokers on one file would hand out every message twice.
/// </summary>
internal sealed class SqliteJournal : IDisposable
{
    private const int Version = 2;

    private const string SeenTable = "CREATE TABLE seen (queue INTEGER NOT NULL, id TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (queue, id)) WITHOUT ROWID;";

    private readonly SqliteConnection _connection;

    private SqliteJournal(SqliteConnection connection) => _connection = connection;

    /// <summary>The queues share one connection; whoever uses it holds this.</summary>
    public Lock Gate { get; } = new();

    public static SqliteJournal Open(string path)
    {
        var name = new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, DefaultTimeout = 1 };
        var connection = new SqliteConnection(name.ToString());
        try
        {
            KeepFromOthers(path);
            connection.Open();
            Run(connection, "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
            Prepare(connection, path);
            return new(connection);
        }
        catch (SqliteException busy) when (busy.SqliteErrorCode is 5 or 6)
        {
            connection.Dispose();
            throw new IOException($"The journal {path} is in use by another broker; stop it or choose another file.", busy);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public QueueJournal Queue(string name)
    {
        lock (Gate)
        {
            using var command = Command("INSERT INTO queue (name) VALUES ($name) ON CONFLICT DO UPDATE SET name = name RETURNING id");
            command.Parameters.AddWithValue("$name", name);
            return new(this, (long)command.ExecuteScalar()!);
        }
    }

    public SqliteCommand Command(string text)
    {
        var command = _connection.CreateCommand();
        command.CommandText = text;
        return command;
    }

    /// <summary>Writes the changes of all these queues, in one transaction.</summary>
    public void Commit(IEnumerable<(QueueJournal Journal, QueueChanges Changes)> queues)
    {
        var changed = queues.Where(queue => queue.Journal.Lacks(queue.Changes)).ToList();
        if (changed.Count == 0)
        {
            return;
        }

        lock (Gate)
        {
            using var transaction = _connection.BeginTransaction();
            changed.ForEach(queue => queue.Journal.Write(queue.Changes));
            transaction.Commit();
        }

        changed.ForEach(queue => queue.Journal.Committed(queue.Changes));
    }

    public void Dispose() => _connection.Dispose();

    // Bodies of messages are nobody else's business. SQLite gives its -wal and -shm the permissions of the file they belong to.
    private static void KeepFromOthers(string path)
    {
        const UnixFileMode ownerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        // A file that is there is not opened: closing it again would end the locks that SQLite may hold on it in this process.
        if (!File.Exists(path))
        {
            new FileStream(path, new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, UnixCreateMode = ownerOnly }).Dispose();
        }

        foreach (var file in (string[])[path, $"{path}-wal", $"{path}-shm"])
        {
            if (File.Exists(file))
            {
                File.SetUnixFileMode(file, ownerOnly);
            }
        }
    }

    private static void Prepare(SqliteConnection connection, string path)
    {
        using var version = connection.CreateCommand();
        version.CommandText = "PRAGMA user_version";
        switch ((long)version.ExecuteScalar()!)
        {
            case 0:
                Run(connection, $"""
                    BEGIN;
                    CREATE TABLE queue (
                        id INTEGER PRIMARY KEY,
                        name TEXT NOT NULL UNIQUE COLLATE NOCASE,
                        next_sequence INTEGER NOT NULL DEFAULT 1);
                    CREATE TABLE message (
                        queue INTEGER NOT NULL,
                        sequence INTEGER NOT NULL,
                        place INTEGER NOT NULL,
                        state INTEGER NOT NULL,
                        enqueued_at INTEGER NOT NULL,
                        scheduled_for INTEGER,
                        time_to_live INTEGER,
                        failed_deliveries INTEGER NOT NULL,
                        reason TEXT,
                        description TEXT,
                        payload BLOB NOT NULL,
                        PRIMARY KEY (queue, sequence));
                    {SeenTable}
                    PRAGMA user_version = {Version};
                    COMMIT;
                    """);
                break;
            case 1: // from before there were topics
                Run(connection, $"BEGIN EXCLUSIVE; {SeenTable} PRAGMA user_version = {Version}; COMMIT;");
                break;
            case Version:
                Run(connection, "BEGIN EXCLUSIVE; COMMIT;"); // takes the lock now, not at the first message
                break;
            case var other:
                throw new IOException($"The journal {path} has format {other}; this broker reads format {Version}.");
        }
    }

    private static void Run(SqliteConnection connection, string text)
    {
        using var command = connection.CreateCommand();
        command.CommandText = text;
        command.ExecuteNonQuery();
    }
}
