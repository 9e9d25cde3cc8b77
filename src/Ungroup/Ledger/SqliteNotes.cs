using Microsoft.Data.Sqlite;

namespace Ungroup.Ledger;

/// <summary>The notes of the SQLite ledger.</summary>
internal sealed class SqliteNotes(SqliteConnection connection) : IDisposable
{
    private readonly SqliteStatement _insert = new(
        connection, "INSERT INTO notes (name, text, version, written_at) VALUES ($name, $text, $version, $written_at) ON CONFLICT DO NOTHING");

    private readonly SqliteStatement _replace = new(
        connection, "UPDATE notes SET text = $text, version = $version, written_at = $written_at WHERE name = $name AND version = $version - 1");

    // Names have no character beyond '~'.
    private readonly SqliteStatement _read = new(
        connection, "SELECT name, text, version, written_at FROM notes WHERE name >= $prefix AND name < $prefix || '~' ORDER BY name");

    /// <summary>Version 1 is a new note; any other one takes the place of the version before.</summary>
    public bool Write(SqliteNote note) => (note.Version == 1 ? _insert : _replace)
        .Set("$name", note.Name)
        .Set("$text", note.Text)
        .Set("$version", note.Version)
        .Set("$written_at", note.WrittenAt.UtcTicks)
        .Execute() == 1;

    public List<SqliteNote> Read(string prefix) => _read.Set("$prefix", prefix).Read(row =>
        new SqliteNote(row.GetString(0), row.GetString(1), row.GetInt64(2), new(row.GetInt64(3), TimeSpan.Zero)));

    public void Use(SqliteTransaction transaction)
    {
        _insert.Use(transaction);
        _replace.Use(transaction);
        _read.Use(transaction);
    }

    public void Dispose()
    {
        _insert.Dispose();
        _replace.Dispose();
        _read.Dispose();
    }
}

internal sealed record SqliteNote(string Name, string Text, long Version, DateTimeOffset WrittenAt);
