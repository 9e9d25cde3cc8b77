using Microsoft.Data.Sqlite;

namespace Ungroup.Ledger;

/// <summary>A prepared statement whose parameters are set by name.</summary>
internal sealed class SqliteStatement : IDisposable
{
    private readonly SqliteCommand _command;

    public SqliteStatement(SqliteConnection connection, string sql)
    {
        _command = connection.CreateCommand();
#pragma warning disable CA2100 // every statement is a constant of its class
        _command.CommandText = sql;
#pragma warning restore CA2100
    }

    public void Use(SqliteTransaction transaction) => _command.Transaction = transaction;

    public SqliteStatement Set(string name, object? value)
    {
        var index = _command.Parameters.IndexOf(name);
        if (index < 0)
        {
            _command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        }
        else
        {
            _command.Parameters[index].Value = value ?? DBNull.Value;
        }

        return this;
    }

    /// <summary>How many rows were written.</summary>
    public int Execute() => _command.ExecuteNonQuery();

    public List<T> Read<T>(Func<SqliteDataReader, T> row)
    {
        using var reader = _command.ExecuteReader();
        var found = new List<T>();
        while (reader.Read())
        {
            found.Add(row(reader));
        }

        return found;
    }

    public void Dispose() => _command.Dispose();
}
