using Microsoft.Extensions.Logging;
using Ungroup.Time;

namespace Ungroup.Circuits;

/// <summary>Every circuit that a refusal has brought about; where there is none, calls pass.</summary>
internal sealed class CircuitRegistry(TimeProvider clock, ILogger<CircuitRegistry> logger)
{
    private static readonly TimeSpan Idle = TimeSpan.FromHours(1);

    private readonly Lock _sync = new();
    private readonly SteadyClock _clock = new(clock);
    private readonly Dictionary<CircuitKey, CircuitBreaker> _circuits = [];
    private readonly Dictionary<string, RecentReplies> _accounts = new(StringComparer.Ordinal);

    // The first time what others have closed is news.
    private bool _hasNews = true;

    /// <summary>The circuits that are closed, by name: until a probe has passed, also where nobody probes, but for narrow ones that nobody needs for long.</summary>
    public IReadOnlyList<ClosedCircuit> Snapshot()
    {
        lock (_sync)
        {
            return [.. _circuits.Values.Select(circuit => circuit.Closed).OfType<ClosedCircuit>().Select(ToMachine).OrderBy(closed => closed.Name, StringComparer.Ordinal)];
        }
    }

    public CircuitPermit? TryEnter(in CircuitCall call, out ClosedCircuit? closed)
    {
        var permit = new CircuitPermit(this, call);
        lock (_sync)
        {
            foreach (var key in call.Keys)
            {
                if (_circuits.TryGetValue(key, out var circuit) && circuit.Enter(call, permit) is { } wait)
                {
                    permit.Dispose();
                    closed = ToMachine(wait);
                    return null;
                }
            }
        }

        closed = null;
        return permit;
    }

    public bool TakeNews() => Interlocked.Exchange(ref _hasNews, false);

    /// <summary>Another instance has found a circuit closed.</summary>
    public void Hear(ClosedCircuit elsewhere)
    {
        lock (_sync)
        {
            var closed = elsewhere with { Until = _clock.FromMachine(elsewhere.Until) };
            if (CircuitOf(closed.Key) is { Closed: null } circuit && closed.Until > _clock.GetUtcNow() && circuit.IsNews(closed))
            {
                circuit.Begin(closed);
                ClosingLog.Closed(logger, elsewhere.Name, elsewhere.Until, elsewhere.Reason);
            }
        }
    }

    /// <summary>Tells what has come back to a call.</summary>
    /// <returns>The circuit that its request has to wait for; null where no circuit of it is closed.</returns>
    internal ClosedCircuit? Tell(CircuitPermit permit, Evidence evidence, Refusal? refusal = null, int mostFailures = 1)
    {
        lock (_sync)
        {
            var (hasOpened, again) = Probed(permit, evidence, refusal);
            _accounts.TryAdd(permit.Call.Account, new(_clock));
            var keys = _accounts[permit.Call.Account].Add(permit.Call, evidence, refusal?.Code, mostFailures, hasOpened);
            return refusal is null ? null : Close(keys, permit.Call, refusal, again);
        }
    }

    internal ClosedCircuit NotSigned(CircuitPermit permit, Refusal refusal)
    {
        lock (_sync)
        {
            var account = CircuitOf(permit.Call.AccountKey);
            return Close([permit.Call.AccountKey], permit.Call, refusal, account.Probed(permit, refusal.Evidence, refusal).Circuit)!;
        }
    }

    internal void Leave(CircuitPermit permit)
    {
        lock (_sync)
        {
            permit.Probed.ForEach(circuit => circuit.Leave(permit));
        }
    }

    /// <summary>Closes what is not closed yet. Of all that one call has closed an operator is told the widest, which comes last.</summary>
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
            ClosingLog.Closed(logger, widest.Name, _clock.ToMachine(widest.Until), widest.Reason);
        }

        return (keys.Count > 0 ? CircuitOf(keys[0]).Closed : again) is { } waitsFor ? ToMachine(waitsFor) with { WasRefused = true } : null;
    }

    /// <summary>A refusal that closes the narrowest again is known already, and says nothing new of the wider ones.</summary>
    private (bool HasOpened, ClosedCircuit? Again) Probed(CircuitPermit permit, Evidence evidence, Refusal? refusal)
    {
        var (hasOpened, again) = (false, default(ClosedCircuit));
        foreach (var circuit in permit.Probed)
        {
            var (isOpened, closed) = circuit.Probed(permit, evidence, again is null ? refusal : null);
            (hasOpened, again) = (hasOpened || isOpened, isOpened ? again : closed ?? again);
            if (isOpened)
            {
                ClosingLog.Opened(logger, closed!.Name);
            }
        }

        return (hasOpened, again);
    }

    private ClosedCircuit ToMachine(ClosedCircuit closed) => closed with { Until = _clock.ToMachine(closed.Until) };

    /// <summary>Of narrow ones there may be any number. One that has been open, or that nobody has probed for long, is made anew.</summary>
    private CircuitBreaker CircuitOf(CircuitKey key)
    {
        if (!_circuits.TryGetValue(key, out var circuit))
        {
            var idle = _clock.GetUtcNow() - Idle;
            foreach (var (old, _) in _circuits.Where(known => known.Key.IsNarrow && !(known.Value.Closed?.Until >= idle)))
            {
                _circuits.Remove(old);
            }

            circuit = _circuits[key] = new(key, _clock);
        }

        return circuit;
    }
}

/// <summary>Circuits and quotas close and open in the same words.</summary>
internal static partial class ClosingLog
{
    [LoggerMessage(501, LogLevel.Warning, "{Gate} is closed until {Until:yyyy-MM-dd'T'HH:mm:ss'Z'}: {Reason}")]
    public static partial void Closed(ILogger logger, string gate, DateTimeOffset until, string reason);

    [LoggerMessage(502, LogLevel.Information, "{Gate} is open again: a probe has passed.")]
    public static partial void Opened(ILogger logger, string gate);
}

/// <summary>Leave of the circuits to make one call. Tell how it went, then dispose; without a word nothing is learned from it.</summary>
internal sealed class CircuitPermit(CircuitRegistry registry, CircuitCall call) : IDisposable
{
    public bool IsProbe => Probed.Count > 0;
    internal List<CircuitBreaker> Probed { get; } = [];
    internal CircuitCall Call => call;

    internal void Probes(CircuitBreaker circuit) => Probed.Add(circuit);

    public void Permitted() => registry.Tell(this, Evidence.Permitted);

    /// <summary>The quota is used up. That the account may call, and that ECS answers, is known all the same.</summary>
    public void Throttled() => registry.Tell(this, Evidence.Throttled);

    /// <summary>The call was refused, or got no answer, which is an outage after so many in a row.</summary>
    public ClosedCircuit? Refused(Refusal refusal, int mostFailures = 1) => registry.Tell(this, refusal.Evidence, refusal, mostFailures);

    /// <summary>There was nothing to sign the call with, in whatever region. Of ECS itself nothing is learned.</summary>
    public ClosedCircuit NotSigned(string reason, CircuitPause pause) => registry.NotSigned(this, new(Evidence.AccountRefused, reason, pause));

    public void Dispose() => registry.Leave(this);
}
