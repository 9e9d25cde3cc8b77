using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Ungroup.Ledger.Sqlite;

/// <summary>Finds out whether the ledger's path still leads to the file that is open. A deleted file goes on taking writes.</summary>
internal sealed class SqliteFile
{
    private const string WhichFile = "SELECT id FROM identity";

    private readonly string _path;
    private readonly string? _isOurs;

    public SqliteFile(string path, SqliteConnection open)
    {
        _path = path;
        _isOurs = Read(open);
    }

    /// <exception cref="LedgerUnavailableException">The file is gone, or another one.</exception>
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
            return "";
        }
        catch (SqliteException)
        {
            // A busy file or a failing disk says nothing of which file it is.
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
