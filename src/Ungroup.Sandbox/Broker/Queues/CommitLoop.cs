using System.Threading.Channels;
using Ungroup.Sandbox.Broker.Journal;

namespace Ungroup.Sandbox.Broker.Queues;

/// <summary>
/// The one thread of a queue, or of a topic with all its subscriptions: it takes commands in batches, commits each batch
/// once, and only then answers. Nobody waits for a lock of ours, so a callback may be raised under any lock of its own.
/// </summary>
internal sealed class CommitLoop : IAsyncDisposable
{
    private const int BatchSize = 1_000;

    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(1);

    private readonly Channel<Action<DateTimeOffset>> _commands = Channel.CreateUnbounded<Action<DateTimeOffset>>(new() { SingleReader = true });
    private readonly List<Action> _afterCommit = [];
    private readonly IReadOnlyList<MessageQueue> _queues;
    private readonly Action<DateTimeOffset> _distribute;
    private readonly SqliteJournal? _journal;
    private readonly IReadOnlyList<(QueueJournal, QueueChanges)> _journaled;
    private readonly TimeProvider _clock;
    private readonly ITimer _timer;

    /// <param name="queues">They are committed together.</param>
    /// <param name="distribute">Moves messages between them, after the commands of a batch and before it is committed.</param>
    /// <param name="journal">Where to; nowhere if there is none.</param>
    /// <param name="clock">The clock of locks, schedules and expiry.</param>
    public CommitLoop(IReadOnlyList<MessageQueue> queues, Action<DateTimeOffset> distribute, SqliteJournal? journal, TimeProvider clock)
    {
        (_queues, _distribute, _journal, _clock) = (queues, distribute, journal, clock);
        _journaled = [.. from queue in queues where queue.Journal is not null select (queue.Journal, queue.Changes)];
        foreach (var queue in queues)
        {
            queue.Join(this);
        }

        _timer = clock.CreateTimer(static loop => ((CommitLoop)loop!).Wake(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Completion = Task.Run(RunAsync);
        Wake();
    }

    /// <summary>Faults when the journal cannot be written: what was not committed was not answered either.</summary>
    public Task Completion { get; }

    public void Post(Action<DateTimeOffset> command) => _commands.Writer.TryWrite(command);

    /// <summary>For the commands, which run on the loop.</summary>
    public void AfterCommit(Action answer) => _afterCommit.Add(answer);

    public async ValueTask DisposeAsync()
    {
        _commands.Writer.TryComplete();
        await _timer.DisposeAsync();
        await Completion.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // a fault is for those who watch Completion
    }

    private async Task RunAsync()
    {
        try
        {
            while (await _commands.Reader.WaitToReadAsync())
            {
                Turn();
            }
        }
        finally
        {
            _commands.Writer.TryComplete();
        }
    }

    private void Turn()
    {
        for (var i = 0; i < BatchSize && _commands.Reader.TryRead(out var command); i++)
        {
            command(Advance());
        }

        var now = Advance();
        _distribute(now);
        var delivered = 0;
        foreach (var queue in _queues)
        {
            delivered += queue.Dispatch(now, BatchSize - delivered, _afterCommit);
        }

        _journal?.Commit(_journaled);
        foreach (var queue in _queues)
        {
            queue.Committed();
        }

        foreach (var answer in _afterCommit)
        {
            answer();
        }

        _afterCommit.Clear();
        foreach (var queue in _queues)
        {
            queue.Drain();
        }

        if (delivered == BatchSize)
        {
            Wake();
        }

        ArmTimer(now);
    }

    private DateTimeOffset Advance()
    {
        var now = _clock.GetUtcNow();
        foreach (var queue in _queues)
        {
            queue.Advance(now);
        }

        return now;
    }

    private void ArmTimer(DateTimeOffset now)
    {
        if (_queues.Min(queue => queue.NextDue) is { } due)
        {
            var wait = due - now;
            _timer.Change(wait < TimeSpan.Zero ? TimeSpan.Zero : wait > LongestTimer ? LongestTimer : wait, Timeout.InfiniteTimeSpan);
        }
    }

    private void Wake() => Post(static _ => { });
}
