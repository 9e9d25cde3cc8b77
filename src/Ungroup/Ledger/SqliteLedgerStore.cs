using System.Globalization;
using System.Threading.Channels;
using Microsoft.Data.Sqlite;

namespace Ungroup.Ledger;

/// <summary>
/// Records in one SQLite file (WAL, synchronous=FULL), for any number of processes of one machine. All work goes through
/// one connection in batches: whatever has queued up while the last batch was flushed shares the next flush.
/// </summary>
internal sealed class SqliteLedgerStore : ILedgerStore, IAsyncDisposable
{
    private const int LargestBatch = 256;

    private readonly Channel<SqliteWork> _queue = Channel.CreateBounded<SqliteWork>(
        new BoundedChannelOptions(4096) { SingleReader = true });

    private readonly SqliteConnection _connection;
    private readonly SqliteRecords _records;
    private readonly OwnerLocks _owners;
    private readonly TimeProvider _clock;
    private readonly Task _writer;

    public SqliteLedgerStore(string path, LedgerOwner owner, TimeProvider clock)
    {
        _clock = clock;
        try
        {
            if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } directory)
            {
                Directory.CreateDirectory(directory);
            }

            _connection = SqliteSchema.Open(path);
            _records = new(_connection);
            _owners = new(path + ".owners", owner);
        }
        catch (Exception error) when (error is SqliteException or IOException or UnauthorizedAccessException)
        {
            _connection?.Dispose();
            throw new LedgerUnavailableException($"The ledger {path} cannot be opened: {error.Message} (Ledger:Path).", error);
        }

        // A thread of its own: SQLite blocks while it flushes.
        _writer = Task.Factory.StartNew(Run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    public Task<(StoredRecord Stored, bool Inserted)> InsertAsync(LedgerRecord record, CancellationToken cancellationToken) =>
        EnqueueAsync(records =>
        {
            var now = _clock.GetUtcNow();
            var inserted = records.Insert(record, now);
            return (Stored(inserted ? new(record, 1, now) : records.Read(record.Key)!), inserted);
        });

    public Task<StoredRecord?> ReplaceAsync(StoredRecord expected, LedgerRecord next, CancellationToken cancellationToken) =>
        EnqueueAsync(records =>
        {
            var (version, now) = (VersionOf(expected.Version), _clock.GetUtcNow());
            return records.Replace(expected.Record, next, version, now) ? Stored(new(next, version + 1, now)) : null;
        });

    public Task<StoredRecord?> ReadAsync(LedgerKey key, CancellationToken cancellationToken) =>
        EnqueueAsync(records => records.Read(key) is { } found ? Stored(found) : null);

    public Task<IReadOnlyList<StoredRecord>> ReadDueAsync(Due due, DateTimeOffset before, int atMost, CancellationToken cancellationToken) =>
        EnqueueAsync<IReadOnlyList<StoredRecord>>(records => [.. records.ReadDue(due, before, atMost).Select(Stored)]);

    public Task MarkPublishedAsync(IReadOnlyList<StoredRecord> decided, CancellationToken cancellationToken) =>
        EnqueueAsync(records => decided.Count(stored =>
            records.Replace(stored.Record, stored.Record with { State = LedgerState.Published }, VersionOf(stored.Version), _clock.GetUtcNow())));

    public Task<int> ForgetAsync(DateTimeOffset now, CancellationToken cancellationToken) => EnqueueAsync(records => records.Forget(now));

    public Task<IReadOnlyList<SharedNote>> ReadNotesAsync(string prefix, CancellationToken cancellationToken) =>
        EnqueueAsync<IReadOnlyList<SharedNote>>(records => [.. records.Notes.Read(prefix).Select(Noted)]);

    public Task<SharedNote?> WriteNoteAsync(SharedNote? expected, string name, string text, CancellationToken cancellationToken) =>
        EnqueueAsync(records =>
        {
            var note = new SqliteNote(name, text, VersionOf(expected?.Version) + 1, _clock.GetUtcNow());
            return records.Notes.Write(note) ? Noted(note) : null;
        });

    public bool IsGone(string owner) => _owners.IsGone(owner);

    public async ValueTask DisposeAsync()
    {
        if (_queue.Writer.TryComplete())
        {
            await _writer;
            _records.Dispose();
            await _connection.DisposeAsync();
            _owners.Dispose();
        }
    }

    private StoredRecord Stored(SqliteRow row) =>
        new(row.Record, row.Version.ToString(CultureInfo.InvariantCulture), row.WrittenAt, _clock.GetUtcNow());

    private SharedNote Noted(SqliteNote note) =>
        new(note.Name, note.Text, note.Version.ToString(CultureInfo.InvariantCulture), note.WrittenAt, _clock.GetUtcNow());

    private static long VersionOf(string? version) => version is null ? 0 : long.Parse(version, CultureInfo.InvariantCulture);

    private async Task<T> EnqueueAsync<T>(Func<SqliteRecords, T> work)
    {
        var item = new SqliteWork<T>(work);
        try
        {
            await _queue.Writer.WriteAsync(item);
        }
        catch (ChannelClosedException error)
        {
            throw new LedgerUnavailableException("The ledger is closed: this process is ending.", error);
        }

        return await item.Completion;
    }

    private void Run()
    {
        var batch = new List<SqliteWork>(LargestBatch);
        while (WaitForWork())
        {
            Gather();
            while (batch.Count < LargestBatch && _queue.Reader.TryRead(out var item))
            {
                batch.Add(item);
            }

            Commit(batch);
            batch.Clear();
        }
    }

    private bool WaitForWork() => _queue.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult();

    /// <summary>
    /// As long as more comes, more is waited for: those whom the last batch has let go on are about to be back with their next
    /// write, and would each wait for a flush of their own. Where nobody else runs this takes no time.
    /// </summary>
    private void Gather()
    {
        var queued = 0;
        while (_queue.Reader.Count is var now && now > queued && now < LargestBatch)
        {
            queued = now;
            Thread.Yield();
        }
    }

    private void Commit(List<SqliteWork> batch)
    {
        try
        {
            using var transaction = _connection.BeginTransaction(deferred: false);
            _records.Use(transaction);
            foreach (var item in batch)
            {
                item.Run(_records);
            }

            transaction.Commit();
        }
        catch (Exception error)
        {
            // Whatever it was, every caller of the batch hears of it: nothing of the batch was written.
            var failure = error is SqliteException ? new LedgerUnavailableException($"The ledger did not take a write: {error.Message}.", error) : error;
            batch.ForEach(item => item.Fail(failure));
            return;
        }

        batch.ForEach(item => item.Succeed());
    }
}
