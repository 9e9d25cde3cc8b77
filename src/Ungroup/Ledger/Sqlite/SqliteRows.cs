using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Ungroup.Ledger.Sqlite;

/// <summary>Rows of the same file as the records. All changes of a write run in one batch, and what fits is looked at before the first of them.</summary>
internal sealed class SqliteRows(SqliteConnection connection) : IDisposable
{
    private readonly SqliteWrite _put = new(
        connection,
        "INSERT INTO rows (content, version, written_at, partition, name) VALUES (?, ?, ?, ?, ?) "
        + "ON CONFLICT (partition, name) DO UPDATE SET content = excluded.content, version = excluded.version, written_at = excluded.written_at");

    private readonly SqliteWrite _delete = new(connection, "DELETE FROM rows WHERE partition = ? AND name = ?");

    private readonly SqliteRead _version = new(connection, "SELECT version FROM rows WHERE partition = $partition AND name = $name");

    // Also of rows that are gone: a version is never used twice.
    private readonly SqliteRead _next = new(connection, "UPDATE row_versions SET last = last + 1 RETURNING last");

    private readonly SqliteRead _read = new(
        connection,
        "SELECT name, content, version, written_at FROM rows WHERE partition = $partition AND name >= $from AND name < $before ORDER BY name LIMIT $limit");

    public List<StoredRow> Read(string partition, string from, string before, int atMost, DateTimeOffset now) => _read
        .Set("$partition", partition)
        .Set("$from", from)
        .Set("$before", before)
        .Set("$limit", atMost)
        .Read(row => new StoredRow(row.GetString(0), (byte[])row.GetValue(1), Text(row.GetInt64(2)), new(row.GetInt64(3), TimeSpan.Zero), now));

    public IReadOnlyList<string?>? Write(string partition, IReadOnlyList<RowChange> changes, DateTimeOffset now)
    {
        if (changes.Any(change => !Fits(partition, change)))
        {
            return null;
        }

        var version = _next.Read(row => row.GetInt64(0))[0];
        return [.. changes.Select(change => Write(partition, change, version, now))];
    }

    public void Dispose()
    {
        foreach (var statement in (ReadOnlySpan<IDisposable>)[_put, _delete, _version, _next, _read])
        {
            statement.Dispose();
        }
    }

    private bool Fits(string partition, RowChange change)
    {
        if (change is RowChange.Put)
        {
            return true;
        }

        var found = _version.Set("$partition", partition).Set("$name", change.Name).Read(row => Text(row.GetInt64(0)));
        return change switch
        {
            RowChange.Add => found.Count == 0,
            RowChange.Replace replace => found.Count == 1 && found[0] == replace.Version,
            _ => found.Count == 1,
        };
    }

    private string? Write(string partition, RowChange change, long version, DateTimeOffset now)
    {
        if (change.Becomes is not { } content)
        {
            _delete.Begin().Text(partition).Text(change.Name).Execute();
            return null;
        }

        _put.Begin().Blob(content).Integer(version).Instant(now).Text(partition).Text(change.Name).Execute();
        return Text(version);
    }

    private static string Text(long version) => version.ToString(CultureInfo.InvariantCulture);
}
