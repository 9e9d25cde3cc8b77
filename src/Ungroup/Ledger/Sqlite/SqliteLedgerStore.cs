using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ungroup.Ledger.Sqlite;

/// <summary>
/// Records in one SQLite file (WAL, synchronous=FULL), for any number of processes of one machine, written in batches that share a
/// flush. A claim is granted before it is on disk: the next step, <c>Called</c> or <c>Decided</c>, is a write to the same row and
/// waits for its flush, so a claim that a crash loses has left no trace.
/// </summary>
internal sealed class SqliteLedgerStore : ILedgerStore, IRowStore, IAsyncDisposable
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(15);

    private readonly SqliteConnection _connection;
    private readonly SqliteBatches _batches;
    private readonly SqliteFile _file;
    private readonly OwnerLocks _owners;
    private readonly TimeProvider _clock;

    /// <exception cref="LedgerUnavailableException">The file cannot be used.</exception>
    public SqliteLedgerStore(string path, LedgerOwner owner, TimeProvider clock, ILogger<SqliteLedgerStore>? logger = null)
    {
        _clock = clock;
        try
        {
            if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } directory)
            {
                Directory.CreateDirectory(directory);
            }

            PrivateFile.Ensure(path);
            _connection = SqliteSchema.Open(path, LongestWait);
            _file = new(path, _connection);
            _owners = new(path + ".owners", owner);
            _batches = new(_connection, new(path, logger ?? NullLogger<SqliteLedgerStore>.Instance));
        }
        catch (Exception error) when (error is SqliteException or IOException or UnauthorizedAccessException)
        {
            _owners?.Dispose();
            _connection?.Dispose();
            throw new LedgerUnavailableException($"The ledger {path} cannot be opened: {error.Message} (Ledger:Path).", error);
        }
    }

    public IRowStore Rows => this;

    public Task<(StoredRecord Stored, bool Inserted)> InsertAsync(LedgerRecord record, CancellationToken cancellationToken) =>
        _batches.DoAsync(
            records =>
            {
                var now = _clock.GetUtcNow();
                var inserted = records.Insert(record, now);
                return (Stored(inserted ? new(record, SqliteRecords.FirstVersion(now), now) : records.Read(record.Key)!), inserted);
            },
            // A claim alone: of a request that nobody owns yet, the message is sent once it is on disk.
            goesOn: result => result.inserted && record.Owner is not null);

    public Task<StoredRecord?> ReplaceAsync(StoredRecord expected, LedgerRecord next, CancellationToken cancellationToken) =>
        _batches.DoAsync(records =>
        {
            var (version, now) = (VersionOf(expected.Version), _clock.GetUtcNow());
            return records.Replace(expected.Record, next, version, now) ? Stored(new(next, version + 1, now))
                : records.Read(next.Key) is not null ? null
                : throw new LedgerUnavailableException("The ledger did not keep the claim it had granted.");
        });

    public Task<StoredRecord?> ReadAsync(LedgerKey key, CancellationToken cancellationToken) =>
        _batches.DoAsync(records => records.Read(key) is { } found ? Stored(found) : null);

    public Task<IReadOnlyList<StoredRecord>> ReadDueAsync(
        Due due, DateTimeOffset before, StoredRecord? behind, int atMost, CancellationToken cancellationToken) =>
        _batches.DoAsync<IReadOnlyList<StoredRecord>>(records => [.. records.ReadDue(due, before, behind?.Record, atMost).Select(Stored)]);

    public Task MarkPublishedAsync(IReadOnlyList<StoredRecord> decided, CancellationToken cancellationToken) =>
        _batches.DoAsync(records => decided.Count(stored =>
            records.Replace(stored.Record, stored.Record with { State = LedgerState.Published }, VersionOf(stored.Version), _clock.GetUtcNow())));

    public Task<int> ForgetAsync(DateTimeOffset now, CancellationToken cancellationToken) => _batches.DoAsync(records => records.Forget(now));

    public Task<IReadOnlyList<SharedNote>> ReadNotesAsync(string prefix, CancellationToken cancellationToken) =>
        _batches.DoAsync<IReadOnlyList<SharedNote>>(records => [.. records.Notes.Read(prefix).Select(Noted)]);

    public Task<SharedNote?> WriteNoteAsync(SharedNote? expected, string name, string text, CancellationToken cancellationToken) =>
        _batches.DoAsync(records =>
        {
            var now = _clock.GetUtcNow();
            long? replaced = expected is null ? null : VersionOf(expected.Version);
            var note = new SqliteNote(name, text, replaced + 1 ?? SqliteRecords.FirstVersion(now), now);
            return records.Notes.Write(note, replaced) ? Noted(note) : null;
        });

    public Task<bool> DeleteNoteAsync(SharedNote expected, CancellationToken cancellationToken) =>
        _batches.DoAsync(records => records.Notes.Delete(expected.Name, VersionOf(expected.Version)));

    public Task<IReadOnlyList<StoredRow>> ReadRowsAsync(string partition, string from, string before, int atMost, CancellationToken cancellationToken) =>
        _batches.DoAsync<IReadOnlyList<StoredRow>>(records => records.Rows.Read(partition, from, before, atMost, _clock.GetUtcNow()));

    public Task<IReadOnlyList<string?>?> WriteRowsAsync(string partition, IReadOnlyList<RowChange> changes, CancellationToken cancellationToken) =>
        _batches.DoAsync(records => records.Rows.Write(partition, changes, _clock.GetUtcNow()));

    public Task CheckAsync(CancellationToken cancellationToken) => Task.Run(_file.Check, cancellationToken);

    public bool IsGone(string owner) => _owners.IsGone(owner);

    public async ValueTask DisposeAsync()
    {
        await _batches.DisposeAsync();
        await _connection.DisposeAsync();
        _owners.Dispose();
    }

    private StoredRecord Stored(SqliteRow row) =>
        new(row.Record, row.Version.ToString(CultureInfo.InvariantCulture), row.WrittenAt, _clock.GetUtcNow());

    private SharedNote Noted(SqliteNote note) =>
        new(note.Name, note.Text, note.Version.ToString(CultureInfo.InvariantCulture), note.WrittenAt, _clock.GetUtcNow());

    private static long VersionOf(string? version) => version is null ? 0 : long.Parse(version, CultureInfo.InvariantCulture);
}
