using System.Diagnostics.CodeAnalysis;

namespace Ungroup.Sandbox.Broker.Queues;

/// <summary>
/// The locks of one sub-queue. Every lock lasts equally long, so the order of taking is the order of expiry and a linked
/// list is enough; a settled lock leaves at once, so nothing of a busy queue lingers until its old due time.
/// </summary>
internal sealed class LockTable(TimeSpan duration)
{
    private readonly Dictionary<Guid, LinkedListNode<Held>> _byToken = [];
    private readonly LinkedList<Held> _byExpiry = [];

    public int Count => _byToken.Count;

    public DateTimeOffset? NextExpiry => _byExpiry.First?.Value.Until;

    public MessageLock Take(QueuedMessage message, DateTimeOffset now)
    {
        var token = Guid.NewGuid();
        var held = new Held(token, message, now + duration);
        _byToken.Add(token, _byExpiry.AddLast(held));
        message.IsLocked = true;
        return new(token, held.Until);
    }

    public bool TryRelease(Guid token, [NotNullWhen(true)] out QueuedMessage? message)
    {
        message = null;
        if (!_byToken.Remove(token, out var node))
        {
            return false;
        }

        _byExpiry.Remove(node);
        message = node.Value.Message;
        message.IsLocked = false;
        return true;
    }

    public bool Holds(Guid token) => _byToken.ContainsKey(token);

    public QueuedMessage Of(Guid token) => _byToken[token].Value.Message;

    public DateTimeOffset Renew(Guid token, DateTimeOffset now)
    {
        var node = _byToken[token];
        _byExpiry.Remove(node);
        node.Value = node.Value with { Until = now + duration };
        _byExpiry.AddLast(node);
        return node.Value.Until;
    }

    public bool TryReleaseExpired(DateTimeOffset now, [NotNullWhen(true)] out QueuedMessage? message)
    {
        message = null;
        return _byExpiry.First is { } first && first.Value.Until <= now && TryRelease(first.Value.Token, out message);
    }

    private sealed record Held(Guid Token, QueuedMessage Message, DateTimeOffset Until);
}
