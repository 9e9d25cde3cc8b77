namespace Ungroup.Ledger;

/// <summary>
/// Rows in partitions, for what is more than one record. Those of one partition are written together, all or none, each on a condition. Durable
/// once a method has returned; <see cref="LedgerUnavailableException"/> where the store does not answer.
/// </summary>
/// <remarks>
/// A partition's and a row's name have at most 300 of <c>A-Z a-z 0-9 . _ : -</c>. A row holds at most 700 KiB, and one write at most 100 rows and 3 MiB.
/// </remarks>
internal interface IRowStore
{
    /// <summary>Rows of a partition in the order of their names, ordinal: from <paramref name="from"/> on, and before <paramref name="before"/>.</summary>
    Task<IReadOnlyList<StoredRow>> ReadRowsAsync(string partition, string from, string before, int atMost, CancellationToken cancellationToken);

    /// <summary>The new versions, in the order of the changes and null for what was deleted; null where one row was not as expected and nothing was written.</summary>
    Task<IReadOnlyList<string?>?> WriteRowsAsync(string partition, IReadOnlyList<RowChange> changes, CancellationToken cancellationToken);
}

/// <param name="Name">Unique in its partition.</param>
/// <param name="Content">The bytes that were written.</param>
/// <param name="Version">The store's; a later write can name it.</param>
/// <param name="WrittenAt">When it was last written, by the store's clock, or by ours where the store has none.</param>
/// <param name="StoreTime">The time of that same clock when the store answered.</param>
internal sealed record StoredRow(string Name, ReadOnlyMemory<byte> Content, string Version, DateTimeOffset WrittenAt, DateTimeOffset StoreTime);

/// <summary>One change of a write. No row has two in the same write.</summary>
internal abstract record RowChange(string Name)
{
    /// <summary>The row's content afterwards; null where there is none.</summary>
    public ReadOnlyMemory<byte>? Becomes => this switch
    {
        Add add => add.Content,
        Replace replace => replace.Content,
        Put put => put.Content,
        _ => (ReadOnlyMemory<byte>?)null,
    };

    /// <summary>There must be none of that name.</summary>
    public sealed record Add(string Name, ReadOnlyMemory<byte> Content) : RowChange(Name);

    /// <summary>It must be of that version.</summary>
    public sealed record Replace(string Name, ReadOnlyMemory<byte> Content, string Version) : RowChange(Name);

    /// <summary>Whether or not it is there.</summary>
    public sealed record Put(string Name, ReadOnlyMemory<byte> Content) : RowChange(Name);

    /// <summary>It must be there.</summary>
    public sealed record Delete(string Name) : RowChange(Name);
}

internal static class Rows
{
    /// <summary>The row of a name; null where there is none.</summary>
    public static async Task<StoredRow?> ReadRowAsync(this IRowStore store, string partition, string name, CancellationToken cancellationToken) =>
        await store.ReadRowsAsync(partition, name, After(name), 1, cancellationToken) is [var row] ? row : null;

    /// <summary>All rows of a prefix, page by page.</summary>
    public static async IAsyncEnumerable<StoredRow> ReadAllAsync(
        this IRowStore store, string partition, string prefix, int pageSize, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var from = prefix; ;)
        {
            var page = await store.ReadRowsAsync(partition, from, prefix + "~", pageSize, cancellationToken);
            foreach (var row in page)
            {
                yield return row;
            }

            if (page.Count < pageSize)
            {
                yield break;
            }

            from = After(page[^1].Name);
        }
    }

    // No character of a name comes before '!', and none after '~'.
    private static string After(string name) => name + "!";
}
