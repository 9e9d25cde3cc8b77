namespace Ungroup.Ledger;

/// <summary>One operation of a batch. Its caller hears of it once the batch is on disk, or once the batch has failed.</summary>
internal abstract class SqliteWork
{
    public abstract void Run(SqliteRecords records);

    public abstract void Succeed();

    public abstract void Fail(Exception error);
}

internal sealed class SqliteWork<T>(Func<SqliteRecords, T> work) : SqliteWork
{
    // Continuations must not run on the writer's thread.
    private readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private T? _result;

    public Task<T> Completion => _completion.Task;

    public override void Run(SqliteRecords records) => _result = work(records);

    public override void Succeed() => _completion.TrySetResult(_result!);

    public override void Fail(Exception error) => _completion.TrySetException(error);
}
