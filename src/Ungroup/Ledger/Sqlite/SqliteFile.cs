using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Ungroup.Ledger.Sqlite;

/// <summary>
/// The ledger's file, as whoever opens it next would find it. A file that was deleted goes on taking writes from those who have
/// it open, and they go with its last user.
/// </summary>
internal sealed class SqliteFile
{
    // Each file gets one when its tables are made, or when this version opens it first.
    private const string WhichFile = "SELECT id FROM identity";

    private readonly string _path;
    private readonly string? _isOurs;

    /// <param name="path">Where it is.</param>
    /// <param name="open">The connection that works on it.</param>
    public SqliteFile(string path, SqliteConnection open)
    {
        _path = path;
        _isOurs = Read(open);
    }

    /// <exception cref="LedgerUnavailableException">There is no file any more, or another one.</exception>
    public void Check()
    {
        if (!File.Exists(_path))
        {
            throw Gone("was deleted or moved");
        }

        if (ReadAnew() != _isOurs)
        {
            throw Gone("was replaced by another file");
        }
    }

    private string? ReadAnew()
    {
        try
        {
            using var look = new SqliteConnection(
                new SqliteConnectionStringBuilder { DataSource = _path, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
            look.Open();
            return Read(look);
        }
        catch (SqliteException error) when (error.SqliteErrorCode is raw.SQLITE_ERROR or raw.SQLITE_NOTADB)
        {
            // A file without our tables.
            return "";
        }
        catch (SqliteException)
        {
            // Busy, or the disk has trouble: that says nothing of which file it is, and the next look does.
            return _isOurs;
        }
    }

    private static string? Read(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = WhichFile;
        return command.ExecuteScalar() as string;
    }

    private LedgerUnavailableException Gone(string what) => new(
        $"The ledger {_path} {what} while this process had it open. What it knew is lost for others, and will be for this process when it ends: "
        + "put the file back, or start again with a new one (Ledger:Path).",
        LedgerTrouble.Gone);
}
