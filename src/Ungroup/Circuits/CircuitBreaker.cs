using System.Runtime.InteropServices;
using Ungroup.Time;

namespace Ungroup.Circuits;

/// <summary>
/// Lets calls through, or refuses them for a while because some were refused. Then one call probes whether it can open, and the
/// others keep waiting until that one has told how it went. Why a circuit closes, and how wide, is its registry's business.
/// </summary>
internal sealed class CircuitBreaker(CircuitKey key, TimeProvider clock)
{
    // How long the others wait before they look again while a probe is under way.
    private static readonly TimeSpan ProbePatience = TimeSpan.FromSeconds(2);

    // A call may hang for a minute; the requests that wait need not hang with it.
    private static readonly TimeSpan ProbeIsLate = TimeSpan.FromSeconds(10);

    // What another instance has found is its own to measure; here it is closed once, and not again.
    private static readonly CircuitPause Elsewhere = new(Closing.LongestForOthers, Closing.LongestForOthers);

    private readonly Lock _sync = new();

    // Since it last closed. More than one only where the one before is late.
    private readonly List<CircuitPermit> _probes = [];
    private Closing? _closing;
    private DateTimeOffset _probedAt;
    private int _closings;
    private DateTimeOffset _came = clock.GetUtcNow();

    public CircuitKey Key => key;

    public CircuitState State
    {
        get
        {
            lock (_sync)
            {
                return _closing is null ? CircuitState.Open : _probes.Count == 0 ? CircuitState.Closed : CircuitState.Probing;
            }
        }
    }

    /// <summary>Null while it is open.</summary>
    public ClosedCircuit? Closed
    {
        get
        {
            lock (_sync)
            {
                return _closing is null ? null : Say(_closing.Until);
            }
        }
    }

    /// <summary>Null where the call may pass; else until when it has to wait.</summary>
    public ClosedCircuit? Enter(in CircuitCall call, CircuitPermit permit)
    {
        lock (_sync)
        {
            var now = _came = clock.GetUtcNow();
            if (_closing is null)
            {
                return null;
            }

            var from = _closing.From(call, permit.IsProbe);
            var isTaken = _probes.Count > 0 && now - _probedAt < ProbeIsLate;
            if (now >= from && !isTaken)
            {
                _probedAt = now;
                _probes.Add(permit);
                permit.Probes(this);
                return null;
            }

            from = isTaken && from < now + ProbePatience ? now + ProbePatience : from;
            return Say(from) with { Behind = _closing.Wait(call, permit.IsProbe), WasRefused = _closing.WasRefused(call.Resource) };
        }
    }

    /// <summary>Calls that are refused while it is closed only add to who was refused.</summary>
    /// <returns>What has closed now; null where it was closed before.</returns>
    public ClosedCircuit? Close(string resource, Refusal refusal, bool isQuiet)
    {
        lock (_sync)
        {
            if (_closing is not null)
            {
                _closing.Remember(resource);
                return null;
            }

            return CloseNow(resource, refusal, isQuiet);
        }
    }

    /// <summary>A probe has told how its call went. Only a probe opens a circuit: a call that was under way when it closed proves nothing.</summary>
    public ProbeResult Told(CircuitPermit probe, Evidence evidence, string resource, Refusal? refusal)
    {
        lock (_sync)
        {
            if (_closing is null || !_probes.Contains(probe))
            {
                return new(IsOpened: false, null);
            }

            if (Refusal.IsDisproved(_closing.Refusal.Evidence, evidence))
            {
                var was = Say(_closing.Until);
                (_closing, _closings) = (null, 0);
                _probes.Clear();
                return new(IsOpened: true, was);
            }

            // Nobody has answered: that says nothing of what was refused, and the request waits for its own fault alone.
            if (evidence == Evidence.NoAnswer && _closing.Refusal.Evidence != evidence)
            {
                _probes.Remove(probe);
                return new(IsOpened: false, null);
            }

            // Refused for another reason, it has not shown that the first one is over.
            return new(IsOpened: false, refusal is null ? null : CloseNow(resource, evidence == _closing.Refusal.Evidence ? refusal : _closing.Refusal, _closing.IsQuiet));
        }
    }

    /// <summary>Another instance has found it closed.</summary>
    public bool CloseFromOutside(DateTimeOffset until, Evidence evidence, string reason)
    {
        lock (_sync)
        {
            var now = clock.GetUtcNow();
            if (until <= now || until <= _closing?.Until)
            {
                return false;
            }

            if (_closing is not null)
            {
                _closing.Extend(until);
                return false;
            }

            _closing = new(new(evidence, reason, Elsewhere), until, DateTimeOffset.Earlier(until, now + Closing.LongestForOthers));
            return true;
        }
    }

    /// <summary>A probe that learned nothing leaves its place to the next.</summary>
    public void Leave(CircuitPermit probe)
    {
        lock (_sync)
        {
            _probes.Remove(probe);
        }
    }

    /// <summary>Whether nobody has come since then, and it keeps nobody waiting now.</summary>
    public bool IsIdleSince(DateTimeOffset then)
    {
        lock (_sync)
        {
            return clock.GetUtcNow() >= (_closing?.Until ?? default) && _came < then;
        }
    }

    private ClosedCircuit CloseNow(string resource, Refusal refusal, bool isQuiet)
    {
        var now = clock.GetUtcNow();
        var until = now + refusal.Pause.After(++_closings);
        _closing = new(refusal, until, DateTimeOffset.Earlier(until, now + Closing.LongestForOthers)) { IsQuiet = isQuiet };
        _closing.Remember(resource);
        _probes.Clear();
        return Say(until) with { WasRefused = true };
    }

    private ClosedCircuit Say(DateTimeOffset until) => new(key, until, _closing!.Refusal.Evidence, _closing.Refusal.Reason) { IsQuiet = _closing.IsQuiet };
}

/// <summary>Where a circuit is.</summary>
internal enum CircuitState
{
    /// <summary>Every call passes.</summary>
    Open,

    /// <summary>No call passes before its time has come.</summary>
    Closed,

    /// <summary>One call is under way that shows whether it can open.</summary>
    Probing,
}

/// <summary>What the call of a probe has shown; nothing where there is no circuit.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ProbeResult(bool IsOpened, ClosedCircuit? Circuit);

/// <summary>A circuit that refuses calls, for who waits and for who asks what is going on.</summary>
internal sealed record ClosedCircuit(CircuitKey Key, DateTimeOffset Until, Evidence Evidence, string Reason)
{
    /// <summary>Whether an operator has been told of it by another circuit.</summary>
    public bool IsQuiet { get; init; }

    /// <summary>By how much later the request that waits should come back, so that not all come at once.</summary>
    public TimeSpan Behind { get; init; }

    /// <summary>Whether it waits because of its own refusal, and not only because of another's.</summary>
    public bool WasRefused { get; init; }

    public string Name => Key.ToString();
}
