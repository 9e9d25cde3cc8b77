using System.Diagnostics.CodeAnalysis;

namespace Ungroup.Benchmarks.Pace.Worlds;

/// <summary>The backlog, first come, first served; what was postponed comes back at its time and is then first.</summary>
internal sealed class JobQueue(int backlog)
{
    private readonly PriorityQueue<Job, (DateTimeOffset Due, long Number)> _postponed = new();
    private int _handedOut;
    private long _postponements;

    /// <summary>When a message was last given to an instance.</summary>
    public DateTimeOffset LastHandedOut { get; private set; }

    public bool HasOne(DateTimeOffset now) => _handedOut < backlog || (_postponed.TryPeek(out _, out var first) && first.Due <= now);

    public bool TryReceive(DateTimeOffset now, [NotNullWhen(true)] out Job? job)
    {
        job = _postponed.TryPeek(out _, out var first) && first.Due <= now ? _postponed.Dequeue()
            : _handedOut < backlog ? new Job(_handedOut++)
            : null;
        if (job is null)
        {
            return false;
        }

        (LastHandedOut, job.ReceivedAt) = (now, now);
        return true;
    }

    public void Postpone(Job job, DateTimeOffset until)
    {
        job.Postponements++;
        _postponed.Enqueue(job, (until, _postponements++));
    }
}
