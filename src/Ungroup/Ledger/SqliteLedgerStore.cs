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

            _connection = SqliteRecords.Open(path);
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
            var inserted = records.Insert(record);
            return (inserted ? Stored((record, 1)) : Stored(records.Read(record.Key)!.Value), inserted);
        });

    public Task<StoredRecord?> ReplaceAsync(StoredRecord expected, LedgerRecord next, CancellationToken cancellationToken) =>
        EnqueueAsync(records =>
        {
            var version = long.Parse(expected.Version, CultureInfo.InvariantCulture);
            return records.Replace(next, version) ? Stored((next, version + 1)) : null;
        });

    public Task<StoredRecord?> ReadAsync(LedgerKey key, CancellationToken cancellationToken) =>
        EnqueueAsync(records => records.Read(key) is { } found ? Stored(found) : null);

    public Task<IReadOnlyList<StoredRecord>> ReadPendingAsync(DateTimeOffset decidedBefore, int atMost, CancellationToken cancellationToken) =>
        EnqueueAsync<IReadOnlyList<StoredRecord>>(records => [.. records.ReadPending(decidedBefore, atMost).Select(Stored)]);

    public Task<int> ForgetAsync(DateTimeOffset now, CancellationToken cancellationToken) => EnqueueAsync(records => records.Forget(now));

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

    private StoredRecord Stored((LedgerRecord Record, long Version) row) =>
        new(row.Record, row.Version.ToString(CultureInfo.InvariantCulture), _clock.GetUtcNow());

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
            while (batch.Count < LargestBatch && _queue.Reader.TryRead(out var item))
            {
                batch.Add(item);
            }

            Commit(batch);
            batch.Clear();
        }
    }

    private bool WaitForWork() => _queue.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult();

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
