using System.Threading.Channels;
using Ungroup.Sandbox.Broker.Journal;

namespace Ungroup.Sandbox.Broker.Queues;

/// <summary>
/// One queue as everybody else sees it: a loop that takes commands in batches, commits each batch once, and only then
/// answers. Nobody waits for a lock of ours, so a callback may be raised under any lock of its own.
/// </summary>
internal sealed class MessageQueue : IAsyncDisposable
{
    private const int BatchSize = 1_000;

    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(1);

    private readonly Channel<Action> _commands = Channel.CreateUnbounded<Action>(new() { SingleReader = true });
    private readonly List<Action> _afterCommit = [];
    private readonly QueueState _state;
    private readonly Dispatcher _dispatcher;
    private readonly QueueJournal? _journal;
    private readonly TimeProvider _clock;
    private readonly ITimer _timer;
    private readonly Task _loop;
    private readonly Action<string, DateTimeOffset>? _scheduled;
    private volatile QueueCounts _counts;

    public MessageQueue(QueueOptions options, QueueJournal? journal, TimeProvider clock)
    {
        _scheduled = options.Scheduled;
        Name = options.Name;
        _clock = clock;
        _journal = journal;
        _state = new(options);
        journal?.Restore(_state);
        _dispatcher = new(_state);
        _counts = _state.Counts();
        _timer = clock.CreateTimer(static queue => ((MessageQueue)queue!).Wake(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _loop = Task.Run(RunAsync);
        Wake();
    }

    public string Name { get; }

    public QueueCounts Counts => _counts;

    /// <summary>Faults when the journal cannot be written: what was not committed was not answered either.</summary>
    public Task Completion => _loop;

    /// <summary>Does something to the queue, and says what came of it once that is committed.</summary>
    public void Ask<T>(Func<QueueState, DateTimeOffset, T> work, Action<T> then) => _commands.Writer.TryWrite(() =>
    {
        var answer = work(_state, Now());
        _afterCommit.Add(() => then(answer));
    });

    /// <summary>Takes messages, and says under which numbers once they are committed.</summary>
    public void Enqueue(IReadOnlyList<NewMessage> messages, Action<IReadOnlyList<long>> then) => Ask((state, now) => state.Enqueue(messages, now), numbers =>
    {
        foreach (var message in messages.Where(message => message.ScheduledFor is not null))
        {
            _scheduled?.Invoke(message.Id, message.ScheduledFor!.Value);
        }

        then(numbers);
    });

    public void Add(Consumer consumer) => _commands.Writer.TryWrite(() => _dispatcher.Add(consumer));

    /// <summary>Its locks stay until they run out or are settled by token, as in Service Bus.</summary>
    public void Remove(Consumer consumer) => _commands.Writer.TryWrite(() => _dispatcher.Remove(consumer));

    public void Grant(Consumer consumer, int credit, bool drain) => _commands.Writer.TryWrite(() =>
    {
        consumer.Credit += credit;
        consumer.IsDraining = drain;
    });

    public async ValueTask DisposeAsync()
    {
        _commands.Writer.TryComplete();
        await _timer.DisposeAsync();
        await _loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // a fault is for those who watch Completion
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
            _state.Advance(Now());
            command();
        }

        var now = Now();
        _state.Advance(now);
        var delivered = _dispatcher.Dispatch(now, BatchSize, _afterCommit);

        _journal?.Commit(_state.Changes);
        _state.Changes.Clear();
        _counts = _state.Counts();

        foreach (var answer in _afterCommit)
        {
            answer();
        }

        _afterCommit.Clear();
        _dispatcher.Drain();
        if (delivered == BatchSize)
        {
            Wake();
        }

        ArmTimer(now);
    }

    private void ArmTimer(DateTimeOffset now)
    {
        if (_state.NextDue is { } due)
        {
            var wait = due - now;
            _timer.Change(wait < TimeSpan.Zero ? TimeSpan.Zero : wait > LongestTimer ? LongestTimer : wait, Timeout.InfiniteTimeSpan);
        }
    }

    private void Wake() => _commands.Writer.TryWrite(static () => { });

    private DateTimeOffset Now() => _clock.GetUtcNow();
}
