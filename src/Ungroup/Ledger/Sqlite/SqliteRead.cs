using Microsoft.Data.Sqlite;

namespace Ungroup.Ledger.Sqlite;

internal sealed class SqliteRead : IDisposable
{
    private readonly SqliteCommand _command;
    private readonly Dictionary<string, SqliteParameter> _parameters = new(StringComparer.Ordinal);

    public SqliteRead(SqliteConnection connection, string sql)
    {
        _command = connection.CreateCommand();
#pragma warning disable CA2100 // every statement is a constant of its class
        _command.CommandText = sql;
#pragma warning restore CA2100
    }

    public SqliteRead Set(string name, object? value)
    {
        if (!_parameters.TryGetValue(name, out var parameter))
        {
            _parameters[name] = parameter = _command.Parameters.AddWithValue(name, null);
        }

        parameter.Value = value ?? DBNull.Value;
        return this;
    }

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
