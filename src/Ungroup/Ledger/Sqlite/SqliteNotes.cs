using Microsoft.Data.Sqlite;

namespace Ungroup.Ledger.Sqlite;

internal sealed class SqliteNotes(SqliteConnection connection) : IDisposable
{
    private readonly SqliteWrite _insert = new(
        connection, "INSERT INTO notes (text, version, written_at, name) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING");

    private readonly SqliteWrite _replace = new(
        connection, "UPDATE notes SET text = ?, version = ?, written_at = ? WHERE name = ? AND version = ?");

    private readonly SqliteWrite _delete = new(connection, "DELETE FROM notes WHERE name = ? AND version = ?");

    // No character of a name comes after '~'.
    private readonly SqliteRead _read = new(
        connection, "SELECT name, text, version, written_at FROM notes WHERE name >= $prefix AND name < $prefix || '~' ORDER BY name");

    /// <param name="note">As it is from now on.</param>
    /// <param name="replaced">The version that it replaces; null for a new note.</param>
    public bool Write(SqliteNote note, long? replaced)
    {
        var write = (replaced is null ? _insert : _replace).Begin()
            .Text(note.Text)
            .Integer(note.Version)
            .Instant(note.WrittenAt)
            .Text(note.Name);
        return (replaced is { } version ? write.Integer(version) : write).Execute() == 1;
    }

    public bool Delete(string name, long version) => _delete.Begin().Text(name).Integer(version).Execute() == 1;

    public List<SqliteNote> Read(string prefix) => _read.Set("$prefix", prefix).Read(row =>
        new SqliteNote(row.GetString(0), row.GetString(1), row.GetInt64(2), new(row.GetInt64(3), TimeSpan.Zero)));

    public void Dispose()
    {
        _insert.Dispose();
        _replace.Dispose();
        _delete.Dispose();
        _read.Dispose();
    }
}

internal sealed record SqliteNote(string Name, string Text, long Version, DateTimeOffset WrittenAt);
