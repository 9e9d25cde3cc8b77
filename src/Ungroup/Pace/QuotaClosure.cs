namespace Ungroup.Pace;

/// <summary>
/// A quota that can be used, or is used up until an instant. When that has come one caller passes as a probe, and the others keep waiting
/// until it has told how it went, or is late.
/// </summary>
internal sealed class QuotaClosure(QuotaKey key, TimeProvider clock)
{
    // How long the others wait before they look again while a probe is under way, which is mostly answered in no time.
    private static readonly TimeSpan ProbePatience = TimeSpan.FromSeconds(0.1);

    // One that is not: a call may hang for a minute, and a quota that comes back every minute must not be lost with it, to incidents above all.
    public static readonly TimeSpan ProbeIsLate = TimeSpan.FromSeconds(3);

    private readonly Lock _sync = new();

    // Since it was last used up. More than one only where the one before is late.
    private readonly List<QuotaPermit> _probes = [];
    private DateTimeOffset _probedAt;
    private QuotaWait? _closed;
    private DateTimeOffset _looked;
    private DateTimeOffset _came = clock.GetUtcNow();

    public QuotaKey Key => key;

    /// <summary>Null while calls pass.</summary>
    public QuotaWait? Closed
    {
        get
        {
            lock (_sync)
            {
                Look();
                return _closed;
            }
        }
    }

    /// <summary>Null where the call may pass; else until when it has to wait.</summary>
    public QuotaWait? Enter(QuotaPermit permit)
    {
        lock (_sync)
        {
            var now = _came = Look();
            if (_closed is null)
            {
                return null;
            }

            if (now >= _closed.Until && (_probes.Count == 0 || (now - _probedAt).Duration() >= ProbeIsLate))
            {
                _probedAt = now;
                _probes.Add(permit);
                return null;
            }

            return _probes.Count == 0 ? _closed : _closed with { Until = Later(_closed.Until, now + ProbePatience) };
        }
    }

    /// <summary>Only a probe opens it: a call that was under way when it closed proves nothing about now.</summary>
    public bool Open(QuotaPermit permit)
    {
        lock (_sync)
        {
            if (_closed is null || !_probes.Contains(permit))
            {
                return false;
            }

            _closed = null;
            _probes.Clear();
            return true;
        }
    }

    /// <summary>Calls that are refused together are one closing, which ends with the last of them.</summary>
    public QuotaWait Close(QuotaPermit permit, DateTimeOffset until, string reason)
    {
        lock (_sync)
        {
            Look();
            var isAgain = _closed is null || _probes.Contains(permit);
            if (isAgain)
            {
                _probes.Clear();
            }

            return _closed = new(key, isAgain ? until : Later(_closed!.Until, until), reason);
        }
    }

    /// <summary>Another instance has found it used up.</summary>
    public bool CloseFromOutside(DateTimeOffset until, string reason)
    {
        lock (_sync)
        {
            if (until <= Look() || until <= _closed?.Until)
            {
                return false;
            }

            // What was asked before this was known says nothing of it.
            _probes.Clear();
            _closed = new(key, until, reason);
            return true;
        }
    }

    /// <summary>It comes back earlier than was believed; a probe passes then.</summary>
    public void OpenBy(DateTimeOffset until)
    {
        lock (_sync)
        {
            _closed = _closed?.Until > until ? _closed with { Until = until } : _closed;
        }
    }

    /// <summary>A probe that learned nothing leaves its place to the next caller.</summary>
    public void Leave(QuotaPermit permit)
    {
        lock (_sync)
        {
            _probes.Remove(permit);
        }
    }

    /// <summary>Whether nobody has come since then, so that no permit is held, and it keeps nobody waiting now.</summary>
    public bool IsIdleSince(DateTimeOffset then)
    {
        lock (_sync)
        {
            return Look() >= (_closed?.Until ?? default) && _came < then;
        }
    }

    /// <summary>This instant. A clock that was set back since the last look does not keep it closed until the old time has come again.</summary>
    private DateTimeOffset Look()
    {
        var now = clock.GetUtcNow();
        _closed = now < _looked && _closed is not null ? _closed with { Until = _closed.Until - (_looked - now) } : _closed;
        return _looked = now;
    }

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}

/// <summary>A quota that is used up, or in which it is not our turn yet, for who waits and for who asks what is going on.</summary>
internal sealed record QuotaWait(QuotaKey Key, DateTimeOffset Until, string Reason)
{
    /// <summary>The quota can be used, and the call has to wait for its turn.</summary>
    public bool IsTurn { get; init; }

    public string Name => Key.ToString();
}
