namespace Ungroup.Pace;

/// <summary>
/// Open, or closed until an instant for a reason. When the instant has come one caller passes as a probe, and the others
/// keep waiting until it has told how it went. Quotas and accounts share this one mechanism.
/// </summary>
internal sealed class Gate
{
    // How long the others wait before they look again while a probe is under way.
    private static readonly TimeSpan ProbePatience = TimeSpan.FromSeconds(2);

    private readonly Lock sync = new();
    private readonly TimeProvider clock;
    private readonly GatePass ordinary;
    private GatePass? probe;
    private GateState? closed;
    private int closings;

    public Gate(string name, TimeProvider clock)
    {
        Name = name;
        this.clock = clock;
        ordinary = new(this);
    }

    public string Name { get; }

    /// <summary>Null while the gate is open.</summary>
    public GateState? State
    {
        get
        {
            lock (sync)
            {
                return closed;
            }
        }
    }

    /// <summary>A pass, or null and until when to wait.</summary>
    public GatePass? TryEnter(out GateState? wait)
    {
        lock (sync)
        {
            wait = null;
            if (closed is null)
            {
                return ordinary;
            }

            var now = clock.GetUtcNow();
            if (now >= closed.Until && probe is null)
            {
                return probe = new(this);
            }

            wait = probe is null ? closed : closed with { Until = Later(closed.Until, now + ProbePatience) };
            return null;
        }
    }

    /// <summary>Only a probe opens a gate: a call that was under way when it closed proves nothing about now.</summary>
    internal bool Open(GatePass pass)
    {
        lock (sync)
        {
            if (closed is null || pass != probe)
            {
                return false;
            }

            (closed, probe, closings) = (null, null, 0);
            return true;
        }
    }

    /// <summary>Ten calls refused together are one closing; a refused probe is the next one.</summary>
    internal GateState Close(GatePass pass, Func<int, DateTimeOffset> until, string reason)
    {
        lock (sync)
        {
            if (closed is null || pass == probe)
            {
                closings++;
                probe = null;
                closed = new(Name, until(closings), reason);
            }
            else
            {
                closed = new(Name, Later(closed.Until, until(closings)), reason);
            }

            return closed;
        }
    }

    /// <summary>A probe that learned nothing leaves its place to the next caller.</summary>
    internal void Leave(GatePass pass)
    {
        lock (sync)
        {
            probe = pass == probe ? null : probe;
        }
    }

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}

/// <summary>A closed gate, for who waits at it and for who asks what is going on.</summary>
internal sealed record GateState(string Name, DateTimeOffset Until, string Reason);
