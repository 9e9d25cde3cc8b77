using Microsoft.Data.Sqlite;
using Ungroup.Outcomes;

namespace Ungroup.Ledger;

/// <summary>The one table of the SQLite ledger: prepared statements, rows in and out. Times are UTC ticks.</summary>
internal sealed class SqliteRecords : IDisposable
{
    private const string Columns =
        "account, request_id, payload_hash, state, owner, epoch, lease_until, attempts, may_have_left, last_code, first_seen_at, "
        + "decided_at, forget_at, event_id, event_type, event_subject, event_json, version";

    private const string Schema =
        """
        CREATE TABLE IF NOT EXISTS records (
          account TEXT NOT NULL, request_id TEXT NOT NULL, payload_hash TEXT NOT NULL, state INTEGER NOT NULL, owner TEXT,
          epoch INTEGER NOT NULL, lease_until INTEGER NOT NULL, attempts INTEGER NOT NULL, may_have_left INTEGER NOT NULL,
          last_code TEXT, first_seen_at INTEGER NOT NULL, decided_at INTEGER, forget_at INTEGER NOT NULL,
          event_id TEXT, event_type TEXT, event_subject TEXT, event_json BLOB, version INTEGER NOT NULL,
          PRIMARY KEY (account, request_id)) WITHOUT ROWID;
        CREATE INDEX IF NOT EXISTS pending ON records (decided_at) WHERE state = 3;
        CREATE INDEX IF NOT EXISTS forgettable ON records (forget_at) WHERE state = 4;
        """;

    private readonly SqliteCommand _insert;
    private readonly SqliteCommand _replace;
    private readonly SqliteCommand _read;
    private readonly SqliteCommand _pending;
    private readonly SqliteCommand _forget;

    public SqliteRecords(SqliteConnection connection)
    {
        _insert = Prepare(
            connection,
            $"INSERT INTO records ({Columns}) VALUES ($account, $request_id, $payload_hash, $state, $owner, $epoch, $lease_until, "
            + "$attempts, $may_have_left, $last_code, $first_seen_at, $decided_at, $forget_at, $event_id, $event_type, $event_subject, "
            + "$event_json, 1) ON CONFLICT DO NOTHING");
        _replace = Prepare(
            connection,
            "UPDATE records SET state = $state, owner = $owner, epoch = $epoch, lease_until = $lease_until, attempts = $attempts, "
            + "may_have_left = $may_have_left, last_code = $last_code, decided_at = $decided_at, forget_at = $forget_at, "
            + "event_id = $event_id, event_type = $event_type, event_subject = $event_subject, event_json = $event_json, "
            + "version = version + 1 WHERE account = $account AND request_id = $request_id AND version = $version");
        _read = Prepare(connection, $"SELECT {Columns} FROM records WHERE account = $account AND request_id = $request_id");
        _pending = Prepare(
            connection,
            $"SELECT {Columns} FROM records WHERE state = 3 AND decided_at < $decided_at ORDER BY decided_at LIMIT $limit");
        _forget = Prepare(connection, "DELETE FROM records WHERE state = 4 AND forget_at <= $now");
    }

    public static SqliteConnection Open(string path)
    {
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, DefaultTimeout = 15 }.ToString());
        connection.Open();
        Execute(connection, "PRAGMA journal_mode = WAL");
        Execute(connection, "PRAGMA synchronous = FULL");
        Execute(connection, "PRAGMA busy_timeout = 15000");
        Execute(connection, Schema);
        return connection;
    }

    public void Use(SqliteTransaction transaction)
    {
        foreach (var command in (ReadOnlySpan<SqliteCommand>)[_insert, _replace, _read, _pending, _forget])
        {
            command.Transaction = transaction;
        }
    }

    public bool Insert(LedgerRecord record)
    {
        Bind(_insert, record);
        return _insert.ExecuteNonQuery() == 1;
    }

    public bool Replace(LedgerRecord next, long version)
    {
        Bind(_replace, next);
        Set(_replace, "$version", version);
        return _replace.ExecuteNonQuery() == 1;
    }

    public (LedgerRecord Record, long Version)? Read(LedgerKey key)
    {
        Set(_read, "$account", key.Account);
        Set(_read, "$request_id", key.RequestId);
        using var row = _read.ExecuteReader();
        return row.Read() ? Row(row) : null;
    }

    public List<(LedgerRecord Record, long Version)> ReadPending(DateTimeOffset decidedBefore, int atMost)
    {
        Set(_pending, "$decided_at", decidedBefore.UtcTicks);
        Set(_pending, "$limit", atMost);
        using var row = _pending.ExecuteReader();
        var found = new List<(LedgerRecord, long)>();
        while (row.Read())
        {
            found.Add(Row(row));
        }

        return found;
    }

    public int Forget(DateTimeOffset now)
    {
        Set(_forget, "$now", now.UtcTicks);
        return _forget.ExecuteNonQuery();
    }

    public void Dispose()
    {
        _insert.Dispose();
        _replace.Dispose();
        _read.Dispose();
        _pending.Dispose();
        _forget.Dispose();
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // every statement is a constant of this file
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    private static SqliteCommand Prepare(SqliteConnection connection, string sql)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // every statement is a constant of this file
        command.CommandText = sql;
#pragma warning restore CA2100
        return command;
    }

    private static void Set(SqliteCommand command, string name, object? value)
    {
        var index = command.Parameters.IndexOf(name);
        if (index < 0)
        {
            command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        }
        else
        {
            command.Parameters[index].Value = value ?? DBNull.Value;
        }
    }

    private static void Bind(SqliteCommand command, LedgerRecord record)
    {
        Set(command, "$account", record.Key.Account);
        Set(command, "$request_id", record.Key.RequestId);
        Set(command, "$payload_hash", record.PayloadHash);
        Set(command, "$state", (int)record.State);
        Set(command, "$owner", record.Owner);
        Set(command, "$epoch", record.Epoch);
        Set(command, "$lease_until", record.LeaseUntil.UtcTicks);
        Set(command, "$attempts", record.Attempts);
        Set(command, "$may_have_left", record.MayHaveLeft ? 1 : 0);
        Set(command, "$last_code", record.LastCode);
        Set(command, "$first_seen_at", record.FirstSeenAt.UtcTicks);
        Set(command, "$decided_at", record.DecidedAt?.UtcTicks);
        Set(command, "$forget_at", record.ForgetAt.UtcTicks);
        Set(command, "$event_id", record.Outcome?.Id);
        Set(command, "$event_type", record.Outcome?.Type);
        Set(command, "$event_subject", record.Outcome?.Subject);
        Set(command, "$event_json", record.Outcome?.Json.ToArray());
    }

    private static (LedgerRecord Record, long Version) Row(SqliteDataReader row) => (
        new()
        {
            Key = new(row.GetString(0), row.GetString(1)),
            PayloadHash = row.GetString(2),
            State = (LedgerState)row.GetInt32(3),
            Owner = row.IsDBNull(4) ? null : row.GetString(4),
            Epoch = row.GetInt32(5),
            LeaseUntil = Time(row.GetInt64(6)),
            Attempts = row.GetInt32(7),
            MayHaveLeft = row.GetInt32(8) != 0,
            LastCode = row.IsDBNull(9) ? null : row.GetString(9),
            FirstSeenAt = Time(row.GetInt64(10)),
            DecidedAt = row.IsDBNull(11) ? null : Time(row.GetInt64(11)),
            ForgetAt = Time(row.GetInt64(12)),
            Outcome = row.IsDBNull(13) ? null : new OutcomeEvent(row.GetString(13), row.GetString(14), row.GetString(15), row.GetFieldValue<byte[]>(16)),
        },
        row.GetInt64(17));

    private static DateTimeOffset Time(long ticks) => new(ticks, TimeSpan.Zero);
}
