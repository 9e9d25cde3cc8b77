using System.Globalization;

namespace Ungroup.Ledger.Memory;

internal sealed class MemoryRows(TimeProvider clock) : IRowStore
{
    private readonly Lock _sync = new();
    private readonly Dictionary<string, SortedDictionary<string, (byte[] Content, long Version, DateTimeOffset WrittenAt)>> _partitions = new(StringComparer.Ordinal);
    private long _version;

    public Task<IReadOnlyList<StoredRow>> ReadRowsAsync(string partition, string from, string before, int atMost, CancellationToken cancellationToken)
    {
        lock (_sync)
        {
            return Task.FromResult<IReadOnlyList<StoredRow>>(_partitions.TryGetValue(partition, out var rows)
                ? [.. rows.Where(row => string.CompareOrdinal(row.Key, from) >= 0 && string.CompareOrdinal(row.Key, before) < 0).Take(atMost)
                    .Select(row => new StoredRow(row.Key, row.Value.Content, Text(row.Value.Version), row.Value.WrittenAt, clock.GetUtcNow()))]
                : []);
        }
    }

    public Task<IReadOnlyList<string?>?> WriteRowsAsync(string partition, IReadOnlyList<RowChange> changes, CancellationToken cancellationToken)
    {
        lock (_sync)
        {
            var rows = _partitions.TryGetValue(partition, out var found) ? found : _partitions[partition] = new(StringComparer.Ordinal);
            if (changes.Any(change => !Fits(change, rows.TryGetValue(change.Name, out var row) ? Text(row.Version) : null)))
            {
                return Task.FromResult<IReadOnlyList<string?>?>(null);
            }

            return Task.FromResult<IReadOnlyList<string?>?>([.. changes.Select(change => Write(rows, change))]);
        }
    }

    private static bool Fits(RowChange change, string? version) => change switch
    {
        RowChange.Add => version is null,
        RowChange.Replace replace => version == replace.Version,
        RowChange.Delete => version is not null,
        _ => true,
    };

    private string? Write(SortedDictionary<string, (byte[] Content, long Version, DateTimeOffset WrittenAt)> rows, RowChange change)
    {
        if (change.Becomes is not { } content)
        {
            rows.Remove(change.Name);
            return null;
        }

        rows[change.Name] = (content.ToArray(), ++_version, clock.GetUtcNow());
        return Text(_version);
    }

    private static string Text(long version) => version.ToString(CultureInfo.InvariantCulture);
}
