using Azure.Data.Tables;

namespace Ungroup.Ledger.Table;

/// <summary>Bytes over several columns: one holds 64 KiB, a row 1 MiB.</summary>
internal static class LongColumn
{
    private const int ColumnSize = 64 * 1024;

    // No bus takes a longer event.
    private const int MostColumns = 12;

    public static void Write(TableEntity entity, string name, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > ColumnSize * MostColumns)
        {
            throw new InvalidOperationException($"{name} is {bytes.Length:N0} bytes long; the ledger's table holds at most {ColumnSize * MostColumns:N0}.");
        }

        for (var column = 0; column == 0 || column * ColumnSize < bytes.Length; column++)
        {
            var rest = bytes[(column * ColumnSize)..];
            entity[NameOf(name, column)] = rest[..Math.Min(rest.Length, ColumnSize)].ToArray();
        }
    }

    public static byte[]? Read(TableEntity entity, string name)
    {
        var bytes = entity.GetBinary(name);
        for (var column = 1; bytes is not null && entity.GetBinary(NameOf(name, column)) is { } more; column++)
        {
            bytes = [.. bytes, .. more];
        }

        return bytes;
    }

    private static string NameOf(string name, int column) => column == 0 ? name : $"{name}{column}";
}
