using Ungroup.Time;

namespace Ungroup.Circuits;

/// <summary>As of a door: calls pass while it is open.</summary>
internal enum CircuitState
{
    Open,
    Closed,
    /// <summary>One call is under way that shows whether it can open; the others wait.</summary>
    Probing,
}

/// <summary>Open until a call is refused; then closed until one of those that probe it, one at a time, is not. Not safe for several threads.</summary>
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

    private readonly HashSet<string> _refused = new(StringComparer.Ordinal);
    private DateTimeOffset _othersFrom;
    private CircuitPermit? _probe;
    private DateTimeOffset _probedAt;
    private DateTimeOffset _disprovedUntil;
    private int _closings;
    private int _waiting;

    public CircuitState State => Closed is null ? CircuitState.Open : _probe is null ? CircuitState.Closed : CircuitState.Probing;

    public ClosedCircuit? Closed { get; private set; }

    /// <summary>Null where the call may pass; else until when it has to wait.</summary>
    public ClosedCircuit? Enter(in CircuitCall call, CircuitPermit permit)
    {
        if (Closed is not { } closed)
        {
            return null;
        }

        // A call that is about to probe a narrower circuit is no better evidence than those that were refused.
        var now = clock.GetUtcNow();
        var from = (permit.IsProbe || _refused.Contains(call.Resource) ? closed.Until : _othersFrom) - (call.IsIncident ? Courtesy : TimeSpan.Zero);
        var isTaken = State == CircuitState.Probing && now - _probedAt < ProbeIsLate;
        if (now >= from && !isTaken)
        {
            (_probe, _probedAt) = (permit, now);
            permit.Probes(this);
            return null;
        }

        return closed with
        {
            Until = isTaken ? DateTimeOffset.Later(from, now + ProbePatience) : from,
            Behind = call.IsIncident ? TimeSpan.Zero : TimeSpan.FromSeconds(++_waiting / ReturnsPerSecond),
            WasRefused = _refused.Contains(call.Resource),
        };
    }

    /// <returns>The circuit that has closed now; null where it was closed before, and only one more was refused.</returns>
    public ClosedCircuit? Close(string resource, Refusal refusal)
    {
        if (Closed is null)
        {
            return CloseAgain(resource, refusal);
        }

        Remember(resource);
        return null;
    }

    /// <summary>Only a probe opens a circuit, and only while its place is not taken: a call that was under way when it closed proves nothing.</summary>
    /// <returns>Whether it has opened, and what was closed, or is again.</returns>
    public (bool IsOpened, ClosedCircuit? Circuit) Probed(CircuitPermit probe, Evidence evidence, Refusal? refusal)
    {
        if (Closed is not { } closed || _probe != probe)
        {
            return default;
        }

        if (closed.IsDisproved(evidence))
        {
            (Closed, _probe, _closings, _disprovedUntil) = (null, null, 0, closed.Until);
            return (true, closed);
        }

        if (evidence == Evidence.NoAnswer && closed.Evidence != evidence)
        {
            // That says nothing of what was refused, and the request waits for its own fault alone.
            _probe = null;
            return default;
        }

        // Refused for another reason, it has not shown that the first one is over.
        return refusal is null ? default : (false, CloseAgain(
            probe.Call.Resource, evidence == closed.Evidence ? refusal : refusal with { Evidence = closed.Evidence, Reason = closed.Reason }));
    }

    /// <summary>A probe that learned nothing leaves its place to the next.</summary>
    public void Leave(CircuitPermit probe) => _probe = _probe == probe ? null : _probe;

    /// <summary>Whether another's closing is not the one that a probe has disproved here: who closed it may be gone and never take it back.</summary>
    public bool IsNews(ClosedCircuit elsewhere) => elsewhere.Until > _disprovedUntil + Courtesy;

    /// <summary>It is closed, here or elsewhere; the first probe of an instance that was only told is new evidence.</summary>
    public void Begin(ClosedCircuit closed)
    {
        (Closed, _probe, _waiting) = (closed, null, 0);
        _othersFrom = DateTimeOffset.Earlier(closed.Until - Courtesy, clock.GetUtcNow() + LongestForOthers);
        _refused.Clear();
    }

    private ClosedCircuit CloseAgain(string resource, Refusal refusal)
    {
        var closed = new ClosedCircuit(key, clock.GetUtcNow() + refusal.Pause.After(++_closings), refusal.Evidence, refusal.Reason);
        Begin(closed);
        Remember(resource);
        return closed with { WasRefused = true };
    }

    private void Remember(string resource) => _ = _refused.Count < MostRemembered && _refused.Add(resource);
}

internal sealed record ClosedCircuit(CircuitKey Key, DateTimeOffset Until, Evidence Evidence, string Reason)
{
    /// <summary>By how much later the request that waits should come back, so that not all come at once.</summary>
    public TimeSpan Behind { get; init; }

    /// <summary>Whether it waits because of its own refusal, and not only because of another's.</summary>
    public bool WasRefused { get; init; }

    public string Name => Key.ToString();

    /// <summary>Whether a reply shows that what has closed it is over.</summary>
    public bool IsDisproved(Evidence by) => by switch
    {
        Evidence.Permitted => true,
        Evidence.Denied or Evidence.Throttled => Evidence is Evidence.NoAnswer or Evidence.AccountRefused,
        Evidence.AccountRefused or Evidence.Unfamiliar => Evidence is Evidence.NoAnswer,
        _ => false,
    };
}
