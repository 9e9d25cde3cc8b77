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

    /// <summary>Version 1 is a new note; any other replaces the version before.</summary>
    public bool Write(SqliteNote note)
    {
        var write = (note.Version == 1 ? _insert : _replace).Begin()
            .Text(note.Text)
            .Integer(note.Version)
            .Instant(note.WrittenAt)
            .Text(note.Name);
        return (note.Version == 1 ? write : write.Integer(note.Version - 1)).Execute() == 1;
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
