using Ungroup.Sandbox.Broker.Journal;

namespace Ungroup.Sandbox.Broker.Queues;

/// <summary>One queue as everybody else sees it: whatever is asked of it is done on its <see cref="CommitLoop"/>, and answered from there.</summary>
internal sealed class MessageQueue
{
    private readonly QueueState _state;
    private readonly Dispatcher _dispatcher;
    private CommitLoop? _loop;
    private volatile QueueCounts _counts;

    public MessageQueue(QueueOptions options, QueueJournal? journal)
    {
        Options = options;
        Journal = journal;
        _state = new(options);
        journal?.Restore(_state);
        _dispatcher = new(_state);
        _counts = _state.Counts();
    }

    public string Name => Options.Name;

    public QueueOptions Options { get; }

    public QueueCounts Counts => _counts;

    public QueueJournal? Journal { get; }

    public QueueChanges Changes => _state.Changes;

    public DateTimeOffset? NextDue => _state.NextDue;

    private CommitLoop Loop => _loop ?? throw new InvalidOperationException($"{Name} has no loop yet.");

    /// <summary>
    /// Does something to the queue, and says what came of it once that is committed. Work that cannot be done has done nothing, is
    /// refused, and is nothing to the others of its batch.
    /// </summary>
    public void Ask<T>(Func<QueueState, DateTimeOffset, T> work, Action<T> then, Action<Exception> refused) => Loop.Post(now =>
    {
        T answer;
        try
        {
            answer = work(_state, now);
        }
        catch (Exception impossible) // of its payload or arguments, which are somebody else's
        {
            Loop.AfterCommit(() => refused(impossible));
            return;
        }

        Loop.AfterCommit(() => then(answer));
    });

    public void Add(Consumer consumer) => Loop.Post(_ => _dispatcher.Add(consumer));

    /// <summary>Its locks stay until they run out or are settled by token, as in Service Bus.</summary>
    public void Remove(Consumer consumer) => Loop.Post(_ => _dispatcher.Remove(consumer));

    public void Grant(Consumer consumer, int credit, bool drain) => Loop.Post(_ =>
    {
        consumer.Credit += credit;
        consumer.IsDraining = drain;
    });

    // The loop calls the members that follow, on its thread.

    public void Join(CommitLoop loop) => _loop = loop;

    public void Advance(DateTimeOffset now) => _state.Advance(now);

    /// <summary>Takes out what is ready to leave the topic that this queue is.</summary>
    public MessageView? TakeReady(SubQueueName place, DateTimeOffset now) => _state.Take(place, remove: true, now)?.Message;

    public void Receive(NewMessage message, DateTimeOffset now) => _state.Enqueue([message], now);

    public int Dispatch(DateTimeOffset now, int limit, List<Action> afterCommit) => _dispatcher.Dispatch(now, limit, afterCommit);

    public void Committed()
    {
        _state.Changes.Clear();
        _counts = _state.Counts();
    }

    public void Drain() => _dispatcher.Drain();
}
