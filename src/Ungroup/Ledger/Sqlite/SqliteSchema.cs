using Microsoft.Data.Sqlite;

namespace Ungroup.Ledger.Sqlite;

/// <summary>The tables of the SQLite ledger, and how its file is opened. Times are UTC ticks.</summary>
internal static class SqliteSchema
{
    // SQLite's user_version. 1 was never released. Missing columns are added, which earlier versions do not mind.
    private const long Version = 4;
    private const long Oldest = 2;

    private static readonly (string Column, string Kind)[] Added =
        [("met_others", "INTEGER"), ("unfamiliar_replies", "INTEGER"), ("document", "BLOB"), ("document_of", "INTEGER")];

    // With row ids: a table without keeps every event on an overflow page. A file that was begun without works as it is.
    private const string Tables =
        """
        CREATE TABLE IF NOT EXISTS records (
          account TEXT NOT NULL, request_id TEXT NOT NULL, payload_hash TEXT NOT NULL, state INTEGER NOT NULL, owner TEXT,
          epoch INTEGER NOT NULL, lease_for INTEGER NOT NULL, attempts INTEGER NOT NULL, may_have_left INTEGER NOT NULL,
          last_code TEXT, first_seen_at INTEGER NOT NULL, deadline INTEGER NOT NULL, message_id TEXT NOT NULL, request BLOB,
          decided_at INTEGER, forget_at INTEGER NOT NULL, event_id TEXT, event_type TEXT, event_subject TEXT, event_json BLOB,
          due INTEGER NOT NULL, due_at INTEGER NOT NULL, version INTEGER NOT NULL, written_at INTEGER NOT NULL, met_others INTEGER,
          unfamiliar_replies INTEGER, document BLOB, document_of INTEGER,
          PRIMARY KEY (account, request_id));
        CREATE INDEX IF NOT EXISTS due_records ON records (due, due_at);
        CREATE TABLE IF NOT EXISTS notes (
          name TEXT NOT NULL PRIMARY KEY, text TEXT NOT NULL, version INTEGER NOT NULL, written_at INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS rows (
          partition TEXT NOT NULL, name TEXT NOT NULL, content BLOB NOT NULL, version INTEGER NOT NULL, written_at INTEGER NOT NULL,
          PRIMARY KEY (partition, name));
        CREATE TABLE IF NOT EXISTS row_versions (row INTEGER NOT NULL PRIMARY KEY, last INTEGER NOT NULL);
        INSERT INTO row_versions (row, last) VALUES (1, 0) ON CONFLICT DO NOTHING;
        CREATE TABLE IF NOT EXISTS identity (row INTEGER NOT NULL PRIMARY KEY, id TEXT NOT NULL);
        INSERT INTO identity (row, id) VALUES (1, lower(hex(randomblob(16)))) ON CONFLICT DO NOTHING;
        """;

    public static SqliteConnection Open(string path, TimeSpan patience)
    {
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, DefaultTimeout = Seconds(patience) }.ToString());
        try
        {
            connection.Open();
            Execute(connection, "PRAGMA page_size = 8192");
            Execute(connection, "PRAGMA journal_mode = WAL");
            Execute(connection, "PRAGMA synchronous = FULL");
            Execute(connection, $"PRAGMA busy_timeout = {(long)patience.TotalMilliseconds}");
            Execute(connection, "PRAGMA wal_autocheckpoint = 2000");
            Execute(connection, $"PRAGMA journal_size_limit = {WriteAheadLog.UsualSize}");

            // 16 MiB instead of 2: a claimed record is decided and marked without being read again.
            Execute(connection, "PRAGMA cache_size = -16384");
            Create(connection, path);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static int Seconds(TimeSpan patience) => (int)Math.Ceiling(patience.TotalSeconds);

    private static void Create(SqliteConnection connection, string path)
    {
        using var transaction = connection.BeginTransaction(deferred: false);
        var found = (long)Execute(connection, "PRAGMA user_version")!;
        var isNew = (long)Execute(connection, "SELECT count(*) FROM sqlite_schema WHERE name = 'records'")! == 0;
        if (!isNew && found is not (>= Oldest and <= Version))
        {
            throw new LedgerUnavailableException(
                $"The ledger {path} was written by another version of Ungroup (tables {found}, expected {Version}); let that version "
                + "finish what is in the queue, then name a new file (Ledger:Path).");
        }

        Execute(connection, Tables);
        foreach (var (column, kind) in Added)
        {
            if ((long)Execute(connection, $"SELECT count(*) FROM pragma_table_info('records') WHERE name = '{column}'")! == 0)
            {
                Execute(connection, $"ALTER TABLE records ADD COLUMN {column} {kind}");
            }
        }

        Execute(connection, $"PRAGMA user_version = {Version}");
        transaction.Commit();
    }

    private static object? Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // every statement is a constant of this file
        command.CommandText = sql;
#pragma warning restore CA2100
        return command.ExecuteScalar();
    }
}
