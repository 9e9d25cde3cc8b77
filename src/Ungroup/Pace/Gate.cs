namespace Ungroup.Pace;

/// <summary>
/// Open, or closed until an instant for a reason. When the instant has come one caller passes as a probe, and the others
/// keep waiting until it has told how it went. Quotas, accounts, permissions and outages share this one mechanism.
/// </summary>
internal sealed class Gate
{
    // How long the others wait before they look again while a probe is under way. A quota's probe is mostly answered in no time.
    private static readonly TimeSpan ProbePatience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan QuotaProbePatience = TimeSpan.FromSeconds(0.1);

    // One that is not: a call may hang for a minute, and a quota that comes back every minute must not be lost with it, to incidents above
    // all. What a circuit waits for is rarely over so soon, and there a probe costs more.
    public static readonly TimeSpan QuotaProbeIsLate = TimeSpan.FromSeconds(3);

    private readonly Lock _sync = new();
    private readonly GateKey _key;
    private readonly TimeProvider _clock;
    private readonly GatePass _ordinary;

    // Since it last closed. More than one only where the one before is late.
    private readonly List<GatePass> _probes = [];
    private DateTimeOffset _probedAt;
    private GateState? _closed;
    private int _noes;
    private int _closings;
    private DateTimeOffset _looked;
    private DateTimeOffset _came;

    public Gate(GateKey key, TimeProvider clock)
    {
        _key = key;
        _clock = clock;
        _came = clock.GetUtcNow();
        _ordinary = new(this);
    }

    public string Name => _key.ToString();

    /// <summary>Null while the gate is open.</summary>
    public GateState? State
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

    /// <summary>A pass, or null and until when to wait.</summary>
    public GatePass? TryEnter(out GateState? wait)
    {
        lock (_sync)
        {
            wait = null;
            var now = _came = Look();
            if (_closed is null)
            {
                return _ordinary;
            }

            if (now >= _closed.Until && (_probes.Count == 0 || (_key.IsQuota && (now - _probedAt).Duration() >= QuotaProbeIsLate)))
            {
                _probedAt = now;
                _probes.Add(new(this));
                return _probes[^1];
            }

            wait = _probes.Count == 0 ? _closed : _closed with { Until = Later(_closed.Until, now + (_key.IsQuota ? QuotaProbePatience : ProbePatience)) };
            return null;
        }
    }

    /// <summary>Whether nobody has come since then, so that no pass is held, and it keeps nobody waiting now.</summary>
    public bool IsIdleSince(DateTimeOffset then)
    {
        lock (_sync)
        {
            return Look() >= (_closed?.Until ?? default) && _came < then;
        }
    }

    /// <summary>Another instance has found it closed.</summary>
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
            _closed = new(_key, until, reason);
            return true;
        }
    }

    /// <summary>What it was closed for ends earlier than was believed; a probe passes then.</summary>
    public void OpenBy(DateTimeOffset until)
    {
        lock (_sync)
        {
            _closed = _closed?.Until > until ? _closed with { Until = until } : _closed;
        }
    }

    /// <summary>Only a probe opens a gate: a call that was under way when it closed proves nothing about now.</summary>
    internal bool Open(GatePass pass)
    {
        lock (_sync)
        {
            _noes = 0;
            if (_closed is null || !_probes.Contains(pass))
            {
                return false;
            }

            (_closed, _closings) = (null, 0);
            _probes.Clear();
            return true;
        }
    }

    /// <summary>Ten calls refused together are one closing; a refused probe is the next one. Null while it stays open.</summary>
    internal GateState? Close(GatePass pass, Func<int, DateTimeOffset> until, string reason, int afterNoes)
    {
        lock (_sync)
        {
            Look();
            if (_closed is null && ++_noes < afterNoes)
            {
                return null;
            }

            if (_closed is null || _probes.Contains(pass))
            {
                _closings++;
                _noes = 0;
                _probes.Clear();
                _closed = new(_key, until(_closings), reason);
            }
            else
            {
                _closed = new(_key, Later(_closed.Until, until(_closings)), reason);
            }

            return _closed;
        }
    }

    /// <summary>A probe that learned nothing leaves its place to the next caller.</summary>
    internal void Leave(GatePass pass)
    {
        lock (_sync)
        {
            _probes.Remove(pass);
        }
    }

    /// <summary>This instant. A clock that was set back since the last look does not keep a gate closed until the old time has come again.</summary>
    private DateTimeOffset Look()
    {
        var now = _clock.GetUtcNow();
        _closed = now < _looked && _closed is not null ? _closed with { Until = _closed.Until - (_looked - now) } : _closed;
        return _looked = now;
    }

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}

/// <summary>A closed gate, or an open one behind which it is not our turn yet, for who waits and for who asks what is going on.</summary>
internal sealed record GateState(GateKey Key, DateTimeOffset Until, string Reason)
{
    /// <summary>The gate is open, and the call has to wait for its turn.</summary>
    public bool IsTurn { get; init; }

    public string Name => Key.ToString();
}
