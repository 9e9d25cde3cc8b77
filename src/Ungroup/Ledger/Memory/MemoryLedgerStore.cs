using System.Globalization;

namespace Ungroup.Ledger.Memory;

internal sealed class MemoryLedgerStore(TimeProvider clock) : ILedgerStore
{
    private readonly Lock _sync = new();
    private readonly Dictionary<LedgerKey, (LedgerRecord Record, long Version, DateTimeOffset WrittenAt)> _records = [];
    private readonly SortedDictionary<string, (string Text, long Version, DateTimeOffset WrittenAt)> _notes = new(StringComparer.Ordinal);
    private long _lastNoteVersion;

    public IRowStore Rows { get; } = new MemoryRows(clock);

    public Task<(StoredRecord Stored, bool Inserted)> InsertAsync(LedgerRecord record, CancellationToken cancellationToken) => Locked(() =>
    {
        var inserted = _records.TryAdd(record.Key, (record, 1, clock.GetUtcNow()));
        return (Stored(record.Key), inserted);
    });

    public Task<StoredRecord?> ReplaceAsync(StoredRecord expected, LedgerRecord next, CancellationToken cancellationToken) =>
        Locked(() => Replace(expected, next) ? Stored(next.Key) : null);

    public Task<StoredRecord?> ReadAsync(LedgerKey key, CancellationToken cancellationToken) =>
        Locked(() => _records.ContainsKey(key) ? Stored(key) : null);

    public Task<IReadOnlyList<StoredRecord>> ReadDueAsync(
        Due due, DateTimeOffset before, StoredRecord? behind, int atMost, CancellationToken cancellationToken) =>
        Locked<IReadOnlyList<StoredRecord>>(() =>
            [.. _records.Values
                .Select(entry => entry.Record)
                .Where(record => record.Next.Due == due && record.Next.At < before && (behind is null || ByDueTime(record, behind.Record) > 0))
                .Order(Comparer<LedgerRecord>.Create(ByDueTime))
                .Take(atMost)
                .Select(record => Stored(record.Key))]);

    public Task MarkPublishedAsync(IReadOnlyList<StoredRecord> decided, CancellationToken cancellationToken) =>
        Locked(() => decided.Count(stored => Replace(stored, stored.Record with { State = LedgerState.Published })));

    public Task<int> ForgetAsync(DateTimeOffset now, CancellationToken cancellationToken) => Locked(() =>
        _records.Values.Where(entry => entry.Record.Next is { Due: Due.Forgetting } next && next.At <= now).ToList()
            .Count(entry => _records.Remove(entry.Record.Key)));

    public Task<IReadOnlyList<SharedNote>> ReadNotesAsync(string prefix, CancellationToken cancellationToken) =>
        Locked<IReadOnlyList<SharedNote>>(() =>
            [.. _notes.Keys.Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).Select(Note)]);

    public Task<SharedNote?> WriteNoteAsync(SharedNote? expected, string name, string text, CancellationToken cancellationToken) => Locked(() =>
    {
        var current = _notes.TryGetValue(name, out var note) ? note.Version : 0;
        if (current != Version(expected?.Version))
        {
            return null;
        }

        // Never used twice, also where a note is deleted and made again.
        _notes[name] = (text, ++_lastNoteVersion, clock.GetUtcNow());
        return Note(name);
    });

    public Task<bool> DeleteNoteAsync(SharedNote expected, CancellationToken cancellationToken) => Locked(() =>
        _notes.TryGetValue(expected.Name, out var note) && note.Version == Version(expected.Version) && _notes.Remove(expected.Name));

    public bool IsGone(string owner) => false;

    private static int ByDueTime(LedgerRecord one, LedgerRecord other) =>
        one.Next.At.CompareTo(other.Next.At) is var at and not 0 ? at
        : string.CompareOrdinal(one.Key.Account, other.Key.Account) is var account and not 0 ? account
        : string.CompareOrdinal(one.Key.RequestId, other.Key.RequestId);

    private bool Replace(StoredRecord expected, LedgerRecord next)
    {
        if (!_records.TryGetValue(next.Key, out var current) || current.Version != Version(expected.Version))
        {
            return false;
        }

        _records[next.Key] = (next, current.Version + 1, clock.GetUtcNow());
        return true;
    }

    private StoredRecord Stored(LedgerKey key)
    {
        var (record, version, writtenAt) = _records[key];
        return new(record, Text(version), writtenAt, clock.GetUtcNow());
    }

    private SharedNote Note(string name)
    {
        var (text, version, writtenAt) = _notes[name];
        return new(name, text, Text(version), writtenAt, clock.GetUtcNow());
    }

    private Task<T> Locked<T>(Func<T> work)
    {
        lock (_sync)
        {
            return Task.FromResult(work());
        }
    }

    private static long Version(string? text) => text is null ? 0 : long.Parse(text, CultureInfo.InvariantCulture);

    private static string Text(long version) => version.ToString(CultureInfo.InvariantCulture);
}
