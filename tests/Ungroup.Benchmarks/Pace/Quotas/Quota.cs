namespace Ungroup.Benchmarks.Pace.Quotas;

/// <summary>
/// ECS counts calls against it, by the tick. A refused call takes nothing. Times must not go backwards. It also keeps account of when it
/// was closed: when the next call would have been refused, whoever made it.
/// </summary>
internal abstract class Quota
{
    private readonly List<Stretch> _closed = [];
    private DateTimeOffset? _closedSince;

    /// <summary>Whether a call that arrives now is served.</summary>
    public bool Take(DateTimeOffset now)
    {
        Settle(now);
        if (_closedSince is not null)
        {
            return false;
        }

        Spend();
        Note(now);
        return true;
    }

    /// <summary>How long, in whole milliseconds rounded up, until a call is served again.</summary>
    public TimeSpan Hint(DateTimeOffset now) => TimeSpan.FromMilliseconds(Math.Ceiling((OpensAt(now) - now).TotalMilliseconds));

    /// <summary>Another quota from now on; what is used up stays used up.</summary>
    public void Change(int perSecond, DateTimeOffset now)
    {
        Settle(now);
        if (_closedSince is { } since)
        {
            _closed.Add(new(since, now));
            _closedSince = null;
        }

        Become(perSecond);
        Note(now);
    }

    /// <summary>When it was closed, up to now.</summary>
    public IReadOnlyList<Stretch> ClosedUntil(DateTimeOffset now)
    {
        Settle(now);
        return _closedSince is { } since ? [.. _closed, new(since, now)] : _closed;
    }

    /// <summary>Brings the account to this time.</summary>
    protected abstract void Advance(DateTimeOffset now);

    /// <summary>Whether the next call, at the time of the account, is refused.</summary>
    protected abstract bool Empty();

    /// <summary>When an empty quota opens again, if it does not change before.</summary>
    protected abstract DateTimeOffset OpensAt(DateTimeOffset now);

    protected abstract void Spend();

    protected abstract void Become(int perSecond);

    private void Settle(DateTimeOffset now)
    {
        if (_closedSince is { } since && OpensAt(since) is var opened && opened <= now)
        {
            _closed.Add(new(since, opened));
            _closedSince = null;
        }

        Advance(now);
    }

    private void Note(DateTimeOffset now) => _closedSince = Empty() ? now : null;
}
