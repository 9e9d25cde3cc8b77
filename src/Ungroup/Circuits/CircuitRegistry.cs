using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Ungroup.Circuits;

/// <summary>
/// Every circuit that a refusal has brought about; where there is none, calls pass. A call passes the narrowest first, so that a
/// wide circuit is tried by requests that no narrow one stops.
/// </summary>
internal sealed partial class CircuitRegistry(TimeProvider clock, ILogger<CircuitRegistry> logger) : ISharedClosings
{
    // What is open again before others have heard of it is no news.
    private static readonly TimeSpan SoonOver = TimeSpan.FromSeconds(3);

    // Longer than any call may take, and than any request that waits stays away.
    private static readonly TimeSpan Idle = TimeSpan.FromHours(1);
    private static readonly TimeSpan BetweenForgetting = TimeSpan.FromMinutes(10);

    private readonly SteadyClock _clock = new(clock);
    private readonly ConcurrentDictionary<CircuitKey, CircuitBreaker> _circuits = new();

    // As many as are configured.
    private readonly ConcurrentDictionary<string, RecentCalls> _accounts = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _apis = new(StringComparer.Ordinal);
    private long _forgot;
    private bool _hasNews;

    /// <summary>The circuits that are closed, by name: until a probe has passed, also where nobody probes, but for narrow ones that nobody needs for long.</summary>
    public IReadOnlyList<ClosedCircuit> Snapshot() =>
        [.. _circuits.Values.Select(circuit => circuit.Closed).OfType<ClosedCircuit>().Select(Told).OrderBy(closed => closed.Name, StringComparer.Ordinal)];

    public IEnumerable<SharedClosing> Closings => Snapshot().Select(SharedClosing.Of);

    /// <summary>A permit, or null and for which circuit to wait until when.</summary>
    public CircuitPermit? TryEnter(in CircuitCall call, out ClosedCircuit? closed)
    {
        ForgetIdle();
        var permit = new CircuitPermit(this, call);
        foreach (var key in (ReadOnlySpan<CircuitKey>)[call.GroupKey, call.RegionKey, call.ApiKey, call.AccountKey])
        {
            if (_circuits.TryGetValue(key, out var circuit) && circuit.Enter(call, permit) is { } wait)
            {
                permit.Dispose();
                closed = Told(wait);
                return null;
            }
        }

        closed = null;
        return permit;
    }

    public bool TakeNews() => Interlocked.Exchange(ref _hasNews, false);

    public void Hear(SharedClosing said)
    {
        if (said.Evidence is { } evidence && CircuitOf(said.Circuit) is { } circuit && circuit.CloseFromOutside(_clock.Read(said.Until), evidence, said.Reason))
        {
            Log.Closed(logger, LogLevel.Warning, said.Name, said.Until, said.Reason);
        }
    }

    internal void Permitted(CircuitPermit permit)
    {
        var hasOpened = Answered(permit, Evidence.Permitted);
        CallsOf(permit.Call.Account).Permit(permit.Call, hasOpened);
    }

    /// <summary>ECS has said something: whether that has opened a circuit.</summary>
    internal bool Answered(CircuitPermit permit, Evidence evidence)
    {
        CallsOf(permit.Call.Account).Answer(permit.Call);
        return Tell(permit, evidence, refusal: null).IsOpened;
    }

    internal ClosedCircuit? Refused(CircuitPermit permit, Refusal refusal, int mostFailures)
    {
        var call = permit.Call;
        if (refusal.Evidence != Evidence.NoAnswer)
        {
            Answered(permit, refusal.Evidence);
            var again = Tell(permit, refusal.Evidence, refusal).Circuit;
            return Close(CallsOf(call.Account).Refuse(call, refusal), call, refusal, again);
        }

        var stillOut = Tell(permit, refusal.Evidence, refusal).Circuit;
        return Close(CallsOf(call.Account).Fail(call, mostFailures), call, refusal, stillOut);
    }

    internal ClosedCircuit NotSigned(CircuitPermit permit, Refusal refusal)
    {
        var account = permit.Probed.FirstOrDefault(circuit => circuit.Key == permit.Call.AccountKey);
        var again = account?.Told(permit, refusal.Evidence, permit.Call.Resource, refusal).Circuit;
        return Close([permit.Call.AccountKey], permit.Call, refusal, again)!;
    }

    /// <summary>Closes what is not closed yet. Of all that one call has closed an operator is told the widest.</summary>
    /// <returns>What the request of the call waits for.</returns>
    private ClosedCircuit? Close(IReadOnlyList<CircuitKey> keys, in CircuitCall call, Refusal refusal, ClosedCircuit? again)
    {
        ClosedCircuit? widest = again;
        _apis[call.Action] = true;
        foreach (var key in keys)
        {
            var closed = CircuitOf(key).Close(call.Resource, refusal, IsKnownOf(key, refusal));
            widest = closed is null or { IsQuiet: true } && widest is not null ? widest : closed;
        }

        if (widest is not null)
        {
            Volatile.Write(ref _hasNews, _hasNews || widest.Until - _clock.GetUtcNow() > SoonOver);
            var told = Told(widest);
            Log.Closed(logger, told.IsQuiet ? LogLevel.Debug : LogLevel.Warning, told.Name, told.Until, told.Reason);
        }

        return (keys.Count > 0 ? CircuitOf(keys[0]).Closed : again) is { } waitsFor ? Told(waitsFor) with { WasRefused = true } : null;
    }

    private ProbeResult Tell(CircuitPermit permit, Evidence evidence, Refusal? refusal)
    {
        // The narrowest comes first. What closes that one again was known, and says nothing new of the wider ones.
        var told = default(ProbeResult);
        foreach (var circuit in permit.Probed)
        {
            var result = circuit.Told(permit, evidence, permit.Call.Resource, told is { IsOpened: false, Circuit: not null } ? null : refusal);
            told = result.Circuit is null ? told : result;
            if (result is { IsOpened: true, Circuit: { } opened })
            {
                Log.Opened(logger, opened.IsQuiet ? LogLevel.Debug : LogLevel.Information, opened.Name);
            }
        }

        return told;
    }

    /// <summary>A region whose APIs fail one after the other has failed once.</summary>
    private bool IsKnownOf(CircuitKey key, Refusal refusal) => key.RegionId is not null && _apis.Keys.Any(api =>
        api != key.Action && _circuits.TryGetValue(key with { Action = api }, out var other) && other.Closed?.Evidence == refusal.Evidence);

    /// <summary>A region and a group are any text that a message names.</summary>
    private void ForgetIdle()
    {
        var (now, last) = (_clock.GetUtcNow(), Interlocked.Read(ref _forgot));
        if (now.UtcTicks - last < BetweenForgetting.Ticks || Interlocked.CompareExchange(ref _forgot, now.UtcTicks, last) != last)
        {
            return;
        }

        foreach (var circuit in _circuits.Where(circuit => circuit.Key.IsNarrow && circuit.Value.IsIdleSince(now - Idle)))
        {
            _circuits.TryRemove(circuit);
        }
    }

    /// <summary>As the machine's clock calls it.</summary>
    private ClosedCircuit Told(ClosedCircuit closed) => closed with { Until = _clock.Tell(closed.Until) };

    private CircuitBreaker CircuitOf(CircuitKey key) => _circuits.GetOrAdd(key, static (key, clock) => new(key, clock), _clock);

    private RecentCalls CallsOf(string account) => _accounts.GetOrAdd(account, static (_, clock) => new(clock), _clock);

    private static partial class Log
    {
        [LoggerMessage(EventId = 501, Message = "{Gate} is closed until {Until:yyyy-MM-dd'T'HH:mm:ss'Z'}: {Reason}")]
        public static partial void Closed(ILogger logger, LogLevel level, string gate, DateTimeOffset until, string reason);

        [LoggerMessage(EventId = 502, Message = "{Gate} is open again: a probe has passed.")]
        public static partial void Opened(ILogger logger, LogLevel level, string gate);
    }
}
