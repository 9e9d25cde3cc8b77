using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Ungroup.Time;

namespace Ungroup.Circuits;

/// <summary>Every circuit that a refusal has brought about; where there is none, calls pass.</summary>
internal sealed partial class CircuitRegistry(TimeProvider clock, ILogger<CircuitRegistry> logger)
{
    // Longer than any request that waits stays away.
    private static readonly TimeSpan Idle = TimeSpan.FromHours(1);

    private readonly SteadyClock _clock = new(clock);
    private readonly ConcurrentDictionary<CircuitKey, CircuitBreaker> _circuits = new();
    private readonly ConcurrentDictionary<string, RecentReplies> _accounts = new(StringComparer.Ordinal);
    private bool _hasNews;

    /// <summary>The circuits that are closed, by name: until a probe has passed, also where nobody probes, but for narrow ones that nobody needs for long.</summary>
    public IReadOnlyList<ClosedCircuit> Snapshot() =>
        [.. _circuits.Values.Select(circuit => circuit.Closed).OfType<ClosedCircuit>().Select(ToMachine).OrderBy(closed => closed.Name, StringComparer.Ordinal)];

    /// <summary>A permit, or null and for which circuit to wait until when.</summary>
    public CircuitPermit? TryEnter(in CircuitCall call, out ClosedCircuit? closed)
    {
        var permit = new CircuitPermit(this, call);
        foreach (var key in call.Keys)
        {
            if (_circuits.TryGetValue(key, out var circuit) && circuit.Enter(call, permit) is { } wait)
            {
                permit.Dispose();
                closed = ToMachine(wait);
                return null;
            }
        }

        closed = null;
        return permit;
    }

    /// <summary>Whether something has closed since the last time that the others should hear of soon.</summary>
    public bool TakeNews() => Interlocked.Exchange(ref _hasNews, false);

    /// <summary>Another instance has found a circuit closed.</summary>
    public void Hear(ClosedCircuit elsewhere)
    {
        if (CircuitOf(elsewhere.Key).CloseFromOutside(elsewhere with { Until = _clock.FromMachine(elsewhere.Until) }))
        {
            Log.Closed(logger, elsewhere.Name, elsewhere.Until, elsewhere.Reason);
        }
    }

    internal void Permitted(CircuitPermit permit)
    {
        var hasOpened = Tell(permit, Evidence.Permitted, refusal: null).IsOpened;
        RepliesOf(permit).Permitted(permit.Call, hasOpened);
    }

    internal void Throttled(CircuitPermit permit)
    {
        RepliesOf(permit).Answered(permit.Call);
        Tell(permit, Evidence.Throttled, refusal: null);
    }

    internal ClosedCircuit? Refused(CircuitPermit permit, Refusal refusal, int mostFailures)
    {
        var again = Tell(permit, refusal.Evidence, refusal).Circuit;
        return Close(RepliesOf(permit).Refused(permit.Call, refusal, mostFailures), permit.Call, refusal, again);
    }

    internal ClosedCircuit NotSigned(CircuitPermit permit, Refusal refusal)
    {
        var again = _circuits.TryGetValue(permit.Call.AccountKey, out var account) ? account.Probed(permit, refusal.Evidence, refusal).Circuit : null;
        return Close([permit.Call.AccountKey], permit.Call, refusal, again)!;
    }

    /// <summary>Closes what is not closed yet. Of all that one call has closed an operator is told the widest, which comes last.</summary>
    /// <returns>What the request of the call waits for.</returns>
    private ClosedCircuit? Close(IReadOnlyList<CircuitKey> keys, in CircuitCall call, Refusal refusal, ClosedCircuit? again)
    {
        var widest = again;
        foreach (var key in keys)
        {
            widest = CircuitOf(key).Close(call.Resource, refusal) ?? widest;
        }

        if (widest is not null)
        {
            Volatile.Write(ref _hasNews, true);
            Log.Closed(logger, widest.Name, _clock.ToMachine(widest.Until), widest.Reason);
        }

        return (keys.Count > 0 ? CircuitOf(keys[0]).Closed : again) is { } waitsFor ? ToMachine(waitsFor) with { WasRefused = true } : null;
    }

    /// <summary>What closes the narrowest again was known, and says nothing new of the wider ones.</summary>
    private (bool IsOpened, ClosedCircuit? Circuit) Tell(CircuitPermit permit, Evidence evidence, Refusal? refusal)
    {
        (bool IsOpened, ClosedCircuit? Circuit) told = default;
        foreach (var circuit in permit.Probed)
        {
            var result = circuit.Probed(permit, evidence, told is { IsOpened: false, Circuit: not null } ? null : refusal);
            told = result.Circuit is null ? told : result;
            if (result is { IsOpened: true, Circuit: { } opened })
            {
                Log.Opened(logger, opened.Name);
            }
        }

        return told;
    }

    private ClosedCircuit ToMachine(ClosedCircuit closed) => closed with { Until = _clock.ToMachine(closed.Until) };

    /// <summary>Of narrow ones there may be any number. One that has been open, or that nobody has probed for long, is made anew.</summary>
    private CircuitBreaker CircuitOf(CircuitKey key)
    {
        if (_circuits.TryGetValue(key, out var known))
        {
            return known;
        }

        var idle = _clock.GetUtcNow() - Idle;
        foreach (var circuit in _circuits.Where(circuit => circuit.Key.IsNarrow && !(circuit.Value.Closed?.Until >= idle)))
        {
            _circuits.TryRemove(circuit);
        }

        return _circuits.GetOrAdd(key, static (key, clock) => new(key, clock), _clock);
    }

    private RecentReplies RepliesOf(CircuitPermit permit) => _accounts.GetOrAdd(permit.Call.Account, static (_, clock) => new(clock), _clock);

    private static partial class Log
    {
        [LoggerMessage(501, LogLevel.Warning, "{Gate} is closed until {Until:yyyy-MM-dd'T'HH:mm:ss'Z'}: {Reason}")]
        public static partial void Closed(ILogger logger, string gate, DateTimeOffset until, string reason);

        [LoggerMessage(502, LogLevel.Information, "{Gate} is open again: a probe has passed.")]
        public static partial void Opened(ILogger logger, string gate);
    }
}

/// <summary>Leave of the circuits to make one call. Tell how it went, then dispose; without a word nothing is learned from it.</summary>
internal sealed class CircuitPermit(CircuitRegistry registry, CircuitCall call) : IDisposable
{
    private readonly List<CircuitBreaker> _probed = [];

    /// <summary>Whether its call shows if a circuit can open.</summary>
    public bool IsProbe => _probed.Count > 0;

    internal IReadOnlyList<CircuitBreaker> Probed => _probed;

    internal CircuitCall Call => call;

    internal void Probes(CircuitBreaker circuit) => _probed.Add(circuit);

    /// <summary>ECS has read the call and permitted it, whatever it came to.</summary>
    public void Permitted() => registry.Permitted(this);

    /// <summary>The quota is used up. That the account may call, and that ECS answers, is known all the same.</summary>
    public void Throttled() => registry.Throttled(this);

    /// <summary>The call was refused, or got no answer, which is an outage after so many in a row.</summary>
    /// <returns>What its request has to wait for; null where no circuit of it is closed.</returns>
    public ClosedCircuit? Refused(Refusal refusal, int mostFailures = 1) => registry.Refused(this, refusal, mostFailures);

    /// <summary>There was nothing to sign the call with, in whatever region. Of ECS itself nothing is learned.</summary>
    public ClosedCircuit NotSigned(string reason, CircuitPause pause) => registry.NotSigned(this, new(Evidence.AccountRefused, reason, pause));

    public void Dispose()
    {
        _probed.ForEach(circuit => circuit.Leave(this));
        _probed.Clear();
    }
}
