using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Ungroup.Ledger.Sqlite;

/// <summary>
/// A prepared statement whose values are given in the order of its question marks, straight to SQLite: by way of
/// <see cref="SqliteParameter"/> they would cost as much as the write.
/// </summary>
internal sealed class SqliteWrite : IDisposable
{
    private const int OnTheStack = 512;

    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;
    private int _given;

    public SqliteWrite(SqliteConnection connection, string sql)
    {
        _database = connection.Handle!;
        SqliteException.ThrowExceptionForRC(raw.sqlite3_prepare_v3(_database, sql, raw.SQLITE_PREPARE_PERSISTENT, out _statement), _database);
    }

    public SqliteWrite Begin()
    {
        _given = 0;
        return this;
    }

    public SqliteWrite Text(string? value)
    {
        if (value is null)
        {
            return Null();
        }

        Span<byte> stack = stackalloc byte[OnTheStack];
        var utf8 = Encoding.UTF8.TryGetBytes(value, stack, out var length) ? stack[..length] : Encoding.UTF8.GetBytes(value);
        return Bound(utf8.IsEmpty ? raw.sqlite3_bind_text(_statement, ++_given, "") : raw.sqlite3_bind_text(_statement, ++_given, utf8));
    }

    public SqliteWrite Blob(ReadOnlyMemory<byte>? value) =>
        value is { } bytes ? Bound(raw.sqlite3_bind_blob(_statement, ++_given, bytes.Span)) : Null();

    public SqliteWrite Integer(long? value) => value is { } number ? Bound(raw.sqlite3_bind_int64(_statement, ++_given, number)) : Null();

    public SqliteWrite Value(object? value) => value switch
    {
        null => Null(),
        string text => Text(text),
        byte[] bytes => Blob(bytes),
        DateTimeOffset at => Instant(at),
        TimeSpan span => Integer(span.Ticks),
        _ => Integer(Convert.ToInt64(value, CultureInfo.InvariantCulture)),
    };

    public SqliteWrite Instant(DateTimeOffset? value) => Integer(value?.UtcTicks);

    /// <summary>Returns how many rows were written.</summary>
    public int Execute()
    {
        var code = raw.sqlite3_step(_statement);
        if (code == raw.SQLITE_DONE)
        {
            raw.sqlite3_reset(_statement);
            return raw.sqlite3_changes(_database);
        }

        // Only resetting it says what was wrong.
        SqliteException.ThrowExceptionForRC(raw.sqlite3_reset(_statement), _database);
        throw new SqliteException($"A write answered with {code}.", code);
    }

    public void Dispose() => _statement.Dispose();

    private SqliteWrite Null() => Bound(raw.sqlite3_bind_null(_statement, ++_given));

    private SqliteWrite Bound(int code)
    {
        SqliteException.ThrowExceptionForRC(code, _database);
        return this;
    }
}
