using System.Diagnostics.CodeAnalysis;

namespace Ungroup.Sandbox.Broker.Queues;

/// <summary>
/// Where the messages of a queue, or of its dead-letter queue, stand: each is exactly one of ready, locked, deferred or
/// scheduled. It knows places, not rules; <see cref="QueueState"/> decides when a message moves.
/// </summary>
internal sealed class SubQueue(TimeSpan lockDuration)
{
    private static readonly Comparer<QueuedMessage> BySequence =
        Comparer<QueuedMessage>.Create(static (a, b) => a.Sequence.CompareTo(b.Sequence));

    private readonly SortedSet<QueuedMessage> _all = new(BySequence);
    private readonly SortedSet<QueuedMessage> _ready = new(BySequence);

    public LockTable Locks { get; } = new(lockDuration);

    public DueMessages Scheduled { get; } = new();

    public DueMessages Expiring { get; } = new();

    public int Count => _all.Count;

    public bool HasReady => _ready.Count > 0;

    public DateTimeOffset? NextDue => Earliest(Earliest(Locks.NextExpiry, Scheduled.Next), Expiring.Next);

    public void Add(QueuedMessage message)
    {
        _all.Add(message);
        Place(message);
    }

    /// <summary>Puts a message that is not locked where its state says.</summary>
    public void Place(QueuedMessage message)
    {
        switch (message.State)
        {
            case MessageState.Scheduled:
                Scheduled.Add(message.ScheduledFor ?? message.EnqueuedAt, message);
                break;
            case MessageState.Active:
                _ready.Add(message);
                break;
        }

        if (message.ExpiresAt is { } expiry)
        {
            Expiring.Add(expiry, message);
        }
    }

    /// <summary>Takes a message out of its place, to be locked, moved or removed; it stays in the sub-queue.</summary>
    public void Lift(QueuedMessage message)
    {
        _ready.Remove(message);
        if (message.State == MessageState.Scheduled)
        {
            Scheduled.Remove(message.ScheduledFor ?? message.EnqueuedAt, message);
        }

        if (message.ExpiresAt is { } expiry)
        {
            Expiring.Remove(expiry, message);
        }
    }

    public void Remove(QueuedMessage message)
    {
        Lift(message);
        _all.Remove(message);
    }

    public bool TryTakeReady([NotNullWhen(true)] out QueuedMessage? message)
    {
        message = _ready.Min;
        if (message is null)
        {
            return false;
        }

        Lift(message);
        return true;
    }

    public bool TryFind(long sequence, [NotNullWhen(true)] out QueuedMessage? message) =>
        _all.TryGetValue(Probe(sequence), out message);

    public IEnumerable<QueuedMessage> From(long sequence) =>
        _all.Count == 0 || _all.Max!.Sequence < sequence ? [] : _all.GetViewBetween(Probe(sequence), _all.Max);

    private static QueuedMessage Probe(long sequence) => new() { Sequence = sequence, Payload = [], EnqueuedAt = default };

    private static DateTimeOffset? Earliest(DateTimeOffset? a, DateTimeOffset? b) => a is null || b < a ? b : a;
}
