using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Ungroup.Ledger.Sqlite;

/// <summary>Runs all work on one thread, because SQLite blocks while it flushes. Work that comes during a flush shares the next one.</summary>
internal sealed class SqliteBatches : IAsyncDisposable
{
    // Callers that were let go may come back into the same batch, and other processes wait for all of it.
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

    /// <summary>The connection's opener closes it, after this is disposed.</summary>
    public SqliteBatches(SqliteConnection connection, WriteAheadLog? log = null)
    {
        _log = log;
        _connection = connection;
        _records = new(connection);
        _begin = new(connection, "BEGIN IMMEDIATE");
        _commit = new(connection, "COMMIT");
        _thread = Task.Factory.StartNew(Run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <param name="work">Runs on the thread of these batches.</param>
    /// <param name="goesOn">Tells the results that need not wait for the disk; null where all have to.</param>
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

    /// <summary>Waits while more work comes: callers of the last batch are about to be back with their next write.</summary>
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

            // Nothing of the batch was written. Where it could not even begin, its work has not been taken yet.
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

    /// <summary>Returns true where a caller was let go on, and may be back at once.</summary>
    private bool RunAll(List<SqliteJob> batch)
    {
        var taken = TakeAll();
        batch.AddRange(taken);
        taken.ForEach(item => item.Run(_records));

        // They find out by their next write what has become of the batch.
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
        // The failure may have ended the transaction. Where this fails, the next batch fails too, and tries again.
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
