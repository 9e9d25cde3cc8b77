using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Ungroup.Ledger.Sqlite;

/// <summary>
/// The one thread that works on the connection, because SQLite blocks while it flushes. Whatever has come while the last
/// batch was flushed shares the next flush.
/// </summary>
internal sealed class SqliteBatches : IAsyncDisposable
{
    // Those that were let go on may come back into the batch they were let go from. Other processes wait for all of it.
    private const int MostRounds = 2;

    private readonly object _sync = new();
    private readonly SqliteConnection _connection;
    private readonly SqliteRecords _records;
    private readonly SqliteWrite _begin;
    private readonly SqliteWrite _commit;
    private readonly WriteAheadLog? _log;
    private readonly Task _thread;
    private List<SqliteJob> _waiting = [];
    private bool _ends;

    /// <summary>Takes the connection over; it is closed by whoever opened it, after this is disposed.</summary>
    public SqliteBatches(SqliteConnection connection, WriteAheadLog? log = null)
    {
        _log = log;
        _connection = connection;
        _records = new(connection);
        _begin = new(connection, "BEGIN IMMEDIATE");
        _commit = new(connection, "COMMIT");
        _thread = Task.Factory.StartNew(Run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <param name="work">What is done, on the thread of these batches.</param>
    /// <param name="goesOn">Which results nobody need wait for until they are on disk; null where all have to.</param>
    /// <exception cref="LedgerUnavailableException">It was not written.</exception>
    public Task<T> DoAsync<T>(Func<SqliteRecords, T> work, Func<T, bool>? goesOn = null)
    {
        var item = new SqliteJob<T>(work, goesOn);
        lock (_sync)
        {
            if (_ends)
            {
                item.Fail(new LedgerUnavailableException("The ledger is closed: this process is ending."));
                return item.Completion;
            }

            _waiting.Add(item);
            Monitor.Pulse(_sync);
        }

        return item.Completion;
    }

    public async ValueTask DisposeAsync()
    {
        lock (_sync)
        {
            _ends = true;
            Monitor.Pulse(_sync);
        }

        await _thread;
        _records.Dispose();
        _begin.Dispose();
        _commit.Dispose();
    }

    private void Run()
    {
        while (HasWork())
        {
            Gather();
            Write();
        }
    }

    /// <summary>Waits for some; false when this ends and all was done.</summary>
    private bool HasWork()
    {
        lock (_sync)
        {
            while (_waiting.Count == 0 && !_ends)
            {
                Monitor.Wait(_sync);
            }

            return _waiting.Count > 0;
        }
    }

    /// <summary>
    /// As long as more comes, more is waited for: those whom the last batch has let go on are about to be back with their next
    /// write, and would each wait for a flush of their own. Where nobody else runs this takes no time.
    /// </summary>
    private void Gather()
    {
        var queued = 0;
        while (Queued() is var now && now > queued)
        {
            queued = now;
            Thread.Yield();
        }
    }

    private int Queued()
    {
        lock (_sync)
        {
            return _waiting.Count;
        }
    }

    private void Write()
    {
        var batch = new List<SqliteJob>();
        try
        {
            _begin.Execute();
            for (var round = 1; RunAll(batch) && round < MostRounds; round++)
            {
                Gather();
            }

            _commit.Execute();
        }
        catch (Exception error)
        {
            RollBack();

            // Whatever it was, everybody who waits hears of it: nothing of the batch was written. Where it could not even begin, nobody has
            // been taken yet.
            batch.AddRange(TakeAll());
            var failure = error is SqliteException
                ? new LedgerUnavailableException($"The ledger did not take a write: {error.Message}.", error)
                : error;
            Tell(batch, item => item.Fail(failure));
            return;
        }

        Tell(batch, item => item.Succeed());
        _log?.Look();
    }

    /// <summary>Does what waits, and keeps those that have to wait on. True where somebody was let go on, and may be back at once.</summary>
    private bool RunAll(List<SqliteJob> batch)
    {
        var taken = TakeAll();
        batch.AddRange(taken);
        taken.ForEach(item => item.Run(_records));

        // Told once and for all: whatever becomes of the batch now, they find out by their next write.
        var letGo = taken.FindAll(item => item.MayGoOn);
        batch.RemoveAll(item => item.MayGoOn);
        Tell(letGo, item => item.Succeed());
        return letGo.Count > 0;
    }

    private List<SqliteJob> TakeAll()
    {
        lock (_sync)
        {
            var taken = _waiting;
            _waiting = [];
            return taken;
        }
    }

    private void RollBack()
    {
        // What has failed may have ended the transaction by itself. Where this fails, so does the next batch, and it tries again.
        if (raw.sqlite3_get_autocommit(_connection.Handle) == 0)
        {
            _ = raw.sqlite3_exec(_connection.Handle, "ROLLBACK");
        }
    }

    private static void Tell(List<SqliteJob> items, Action<SqliteJob> how)
    {
        if (items.Count > 0)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static told => told.items.ForEach(told.how), (items, how), preferLocal: false);
        }
    }
}
