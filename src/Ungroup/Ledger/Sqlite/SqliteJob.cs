using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Ungroup.Ledger.Sqlite;

/// <summary>One operation of a batch. Its caller hears of it once the batch is on disk or has failed.</summary>
internal abstract class SqliteJob
{
    /// <summary>Whether its caller need not wait for the disk; known once it has run.</summary>
    public bool MayGoOn { get; private protected set; }

    public abstract void Run(SqliteRecords records);

    public abstract void Succeed();

    public abstract void Fail(Exception error);
}

internal sealed class SqliteJob<T>(Func<SqliteRecords, T> work, Func<T, bool>? goesOn) : SqliteJob
{
    // Continuations run one after the other on one thread: waking a thread for each would cost more than they do.
    private readonly TaskCompletionSource<T> _completion = new();

    private T? _result;
    private LedgerUnavailableException? _refused;

    public Task<T> Completion => _completion.Task;

    public override void Run(SqliteRecords records)
    {
        try
        {
            _result = work(records);
            MayGoOn = goesOn?.Invoke(_result) ?? false;
        }
        catch (LedgerUnavailableException error)
        {
            // This job alone: the others of its batch are written.
            _refused = error;
        }
        catch (SqliteException error) when (error.SqliteErrorCode is raw.SQLITE_TOOBIG or raw.SQLITE_CONSTRAINT or raw.SQLITE_MISMATCH)
        {
            // SQLite has undone this statement alone, and would refuse it again.
            _refused = new($"The ledger refuses a record: {error.Message}.", LedgerTrouble.Refused, error);
        }
    }

    public override void Succeed()
    {
        if (_refused is { } error)
        {
            Fail(error);
        }
        else
        {
            _completion.TrySetResult(_result!);
        }
    }

    public override void Fail(Exception error) => _completion.TrySetException(error);
}
