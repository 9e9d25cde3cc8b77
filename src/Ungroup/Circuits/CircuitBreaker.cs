using Ungroup.Time;

namespace Ungroup.Circuits;

/// <summary>Where a circuit is.</summary>
internal enum CircuitState
{
    /// <summary>Every call passes.</summary>
    Open,

    /// <summary>No call passes before its time has come.</summary>
    Closed,

    /// <summary>One call is under way that shows whether it can open; the others wait.</summary>
    Probing,
}

/// <summary>
/// Open until a call is refused. Then closed, and one call after the other probes whether it can open. Why it closes, and how wide, is its
/// registry's business.
/// </summary>
internal sealed class CircuitBreaker(CircuitKey key, TimeProvider clock)
{
    // A request that was not refused itself is new evidence; the pauses that grow are for those that were.
    private static readonly TimeSpan LongestForOthers = TimeSpan.FromSeconds(30);

    // Incidents try that much before others, and others before those that were refused.
    private static readonly TimeSpan Courtesy = TimeSpan.FromSeconds(2);

    // How long the others wait before they ask again, and when they wait no longer: a call may hang for a minute.
    private static readonly TimeSpan ProbePatience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ProbeIsLate = TimeSpan.FromSeconds(10);

    // Of many who wait, so many a second come back: a long queue must not go round and round for nothing.
    private const double ReturnsPerSecond = 50;
    private const int MostRemembered = 256;

    private readonly Lock _sync = new();
    private readonly HashSet<string> _refused = new(StringComparer.Ordinal);
    private ClosedCircuit? _closed;
    private Refusal? _why;
    private DateTimeOffset _othersFrom;
    private CircuitPermit? _probe;
    private DateTimeOffset _probedAt;
    private int _closings;
    private int _waiting;

    public CircuitState State => Closed is null ? CircuitState.Open : Volatile.Read(ref _probe) is null ? CircuitState.Closed : CircuitState.Probing;

    /// <summary>Null while it is open.</summary>
    public ClosedCircuit? Closed => Volatile.Read(ref _closed);

    /// <summary>Null where the call may pass; else until when it has to wait.</summary>
    public ClosedCircuit? Enter(in CircuitCall call, CircuitPermit permit)
    {
        lock (_sync)
        {
            var now = clock.GetUtcNow();
            if (_closed is null)
            {
                return null;
            }

            var from = From(call, permit);
            var isTaken = _probe is not null && now - _probedAt < ProbeIsLate;
            if (now >= from && !isTaken)
            {
                (_probe, _probedAt) = (permit, now);
                permit.Probes(this);
                return null;
            }

            return _closed with
            {
                Until = isTaken ? DateTimeOffset.Later(from, now + ProbePatience) : from,
                Behind = call.IsIncident ? TimeSpan.Zero : TimeSpan.FromSeconds(++_waiting / ReturnsPerSecond),
                WasRefused = _refused.Contains(call.Resource),
            };
        }
    }

    /// <summary>Calls that are refused while it is closed only add to who was refused.</summary>
    /// <returns>What has closed now; null where it was closed before.</returns>
    public ClosedCircuit? Close(string resource, Refusal refusal)
    {
        lock (_sync)
        {
            if (_closed is null)
            {
                return CloseAgain(resource, refusal);
            }

            Remember(resource);
            return null;
        }
    }

    /// <summary>
    /// A probe has told how its call went. Only a probe opens a circuit: a call that was under way when it closed proves nothing, and neither does one
    /// that was so late that another has taken its place.
    /// </summary>
    /// <returns>Whether it has opened, and what was closed, or is again.</returns>
    public (bool IsOpened, ClosedCircuit? Circuit) Probed(CircuitPermit probe, Evidence evidence, Refusal? refusal)
    {
        lock (_sync)
        {
            if (_closed is not { } closed || _probe != probe)
            {
                return default;
            }

            if (_why!.IsDisproved(evidence))
            {
                (_closed, _why, _probe, _closings) = (null, null, null, 0);
                return (true, closed);
            }

            if (evidence == Evidence.NoAnswer && _why.Evidence != evidence)
            {
                // That says nothing of what was refused, and the request waits for its own fault alone.
                _probe = null;
                return default;
            }

            // Refused for another reason, it has not shown that the first one is over.
            return refusal is null ? default : (false, CloseAgain(probe.Call.Resource, evidence == _why.Evidence ? refusal : _why));
        }
    }

    /// <summary>A probe that learned nothing leaves its place to the next.</summary>
    public void Leave(CircuitPermit probe)
    {
        lock (_sync)
        {
            _probe = _probe == probe ? null : _probe;
        }
    }

    /// <summary>Another instance has found it closed: here it is closed once, and its first probe is new evidence.</summary>
    /// <returns>Whether it was open before.</returns>
    public bool CloseFromOutside(ClosedCircuit elsewhere)
    {
        lock (_sync)
        {
            var now = clock.GetUtcNow();
            if (elsewhere.Until <= now || _closed is not null)
            {
                return false;
            }

            (_closed, _why) = (elsewhere, new(elsewhere.Evidence, elsewhere.Reason, new(LongestForOthers, LongestForOthers)));
            Begin(now);
            return true;
        }
    }

    private ClosedCircuit CloseAgain(string resource, Refusal refusal)
    {
        var now = clock.GetUtcNow();
        (_closed, _why) = (new(key, now + refusal.Pause.After(++_closings), refusal.Evidence, refusal.Reason), refusal);
        Begin(now);
        Remember(resource);
        return _closed with { WasRefused = true };
    }

    private void Begin(DateTimeOffset now)
    {
        (_othersFrom, _probe, _waiting) = (DateTimeOffset.Earlier(_closed!.Until - Courtesy, now + LongestForOthers), null, 0);
        _refused.Clear();
    }

    private void Remember(string resource) => _ = _refused.Count < MostRemembered && _refused.Add(resource);

    /// <summary>A call that is about to probe a narrower circuit is no better evidence than those that were refused.</summary>
    private DateTimeOffset From(in CircuitCall call, CircuitPermit permit)
    {
        var from = permit.IsProbe || _refused.Contains(call.Resource) ? _closed!.Until : _othersFrom;
        return call.IsIncident ? from - Courtesy : from;
    }
}

/// <summary>A circuit that refuses calls, for who waits and for who asks what is going on.</summary>
internal sealed record ClosedCircuit(CircuitKey Key, DateTimeOffset Until, Evidence Evidence, string Reason)
{
    /// <summary>By how much later the request that waits should come back, so that not all come at once.</summary>
    public TimeSpan Behind { get; init; }

    /// <summary>Whether it waits because of its own refusal, and not only because of another's.</summary>
    public bool WasRefused { get; init; }

    public string Name => Key.ToString();
}
