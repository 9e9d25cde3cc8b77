using System.Collections.Concurrent;
using System.Globalization;

namespace Ungroup.Ledger;

/// <summary>Records in this process, gone with it. For tests and for trying things out.</summary>
internal sealed class MemoryLedgerStore(TimeProvider clock) : ILedgerStore
{
    private readonly ConcurrentDictionary<LedgerKey, (LedgerRecord Record, long Version)> _records = new();

    public Task<(StoredRecord Stored, bool Inserted)> InsertAsync(LedgerRecord record, CancellationToken cancellationToken)
    {
        var current = _records.GetOrAdd(record.Key, (record, 1));
        return Task.FromResult((Stored(current), ReferenceEquals(current.Record, record)));
    }

    public Task<StoredRecord?> ReplaceAsync(StoredRecord expected, LedgerRecord next, CancellationToken cancellationToken)
    {
        var version = long.Parse(expected.Version, CultureInfo.InvariantCulture);
        var written = (next, version + 1);
        return Task.FromResult(
            _records.TryGetValue(next.Key, out var current)
            && current.Version == version
            && _records.TryUpdate(next.Key, written, current)
                ? Stored(written)
                : null);
    }

    public Task<StoredRecord?> ReadAsync(LedgerKey key, CancellationToken cancellationToken) =>
        Task.FromResult(_records.TryGetValue(key, out var current) ? Stored(current) : null);

    public Task<IReadOnlyList<StoredRecord>> ReadPendingAsync(DateTimeOffset decidedBefore, int atMost, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<StoredRecord>>(
            [.. _records.Values
                .Where(entry => entry.Record.State == LedgerState.Decided && entry.Record.DecidedAt < decidedBefore)
                .OrderBy(entry => entry.Record.DecidedAt)
                .Take(atMost)
                .Select(Stored)]);

    public Task<int> ForgetAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        Task.FromResult(_records.Count(entry =>
            entry.Value.Record.State == LedgerState.Published && entry.Value.Record.ForgetAt <= now && _records.TryRemove(entry)));

    public bool IsGone(string owner) => false;

    private StoredRecord Stored((LedgerRecord Record, long Version) entry) =>
        new(entry.Record, entry.Version.ToString(CultureInfo.InvariantCulture), clock.GetUtcNow());
}
