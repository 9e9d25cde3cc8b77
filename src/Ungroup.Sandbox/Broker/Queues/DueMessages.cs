using System.Diagnostics.CodeAnalysis;

namespace Ungroup.Sandbox.Broker.Queues;

/// <summary>Messages ordered by the instant at which something happens to them.</summary>
internal sealed class DueMessages
{
    private static readonly Comparer<Entry> ByTimeThenSequence = Comparer<Entry>.Create(static (a, b) =>
        a.Due.CompareTo(b.Due) is var order and not 0 ? order : a.Message.Sequence.CompareTo(b.Message.Sequence));

    private readonly SortedSet<Entry> _entries = new(ByTimeThenSequence);

    public int Count => _entries.Count;

    public DateTimeOffset? Next => _entries.Count > 0 ? _entries.Min.Due : null;

    public void Add(DateTimeOffset due, QueuedMessage message) => _entries.Add(new(due, message));

    public bool Remove(DateTimeOffset due, QueuedMessage message) => _entries.Remove(new(due, message));

    public bool TryTake(DateTimeOffset now, [NotNullWhen(true)] out QueuedMessage? message)
    {
        message = null;
        if (_entries.Count == 0 || _entries.Min is var first && first.Due > now)
        {
            return false;
        }

        message = first.Message;
        return _entries.Remove(first);
    }

    private readonly record struct Entry(DateTimeOffset Due, QueuedMessage Message);
}
