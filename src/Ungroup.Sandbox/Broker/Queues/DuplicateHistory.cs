namespace Ungroup.Sandbox.Broker.Queues;

/// <summary>The ids that came within a window of time. A duplicate does not prolong it: it is counted from the first.</summary>
internal sealed class DuplicateHistory(TimeSpan? window, QueueChanges changes)
{
    private readonly HashSet<string> _ids = new(StringComparer.Ordinal);
    private readonly Queue<SeenId> _byTime = [];

    public void Restore(IEnumerable<SeenId> seen)
    {
        if (window is null)
        {
            return;
        }

        foreach (var one in seen)
        {
            Remember(one);
        }
    }

    /// <summary>True for an id that was there before; otherwise it was not, and now is.</summary>
    public bool Knows(string? id, DateTimeOffset now)
    {
        if (window is not { } length || id is null)
        {
            return false;
        }

        Forget(now - length);
        if (_ids.Contains(id))
        {
            return true;
        }

        var seen = new SeenId(id, now);
        Remember(seen);
        changes.Seen.Add(seen);
        return false;
    }

    private void Forget(DateTimeOffset before)
    {
        while (_byTime.TryPeek(out var oldest) && oldest.At <= before)
        {
            _ids.Remove(_byTime.Dequeue().Id);
            changes.Forgotten.Add(oldest.Id);
        }
    }

    private void Remember(SeenId seen)
    {
        _ids.Add(seen.Id);
        _byTime.Enqueue(seen);
    }
}

internal sealed record SeenId(string Id, DateTimeOffset At);
