using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Ungroup.Requests;

namespace Ungroup.Pace;

/// <summary>
/// Every gate there is. One per account, per account and API, and per account and region, closed while somebody has to mend
/// something (the circuits); and one per account, region and API, closed while its quota is used up. ECS counts exactly so.
/// Behind them a governor gives the calls of that quota their turns.
/// </summary>
internal sealed partial class Gates(Governors governors, TimeProvider clock, ILogger<Gates> logger)
{
    // What is open again before others have heard of it is no news.
    private static readonly TimeSpan SoonOver = TimeSpan.FromSeconds(3);

    // Longer than any call may take, and than anybody is put off.
    private static readonly TimeSpan Idle = TimeSpan.FromHours(6);
    private static readonly TimeSpan BetweenForgetting = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<GateKey, Gate> _gates = new();
    private long _forgot;
    private bool _hasNews;

    /// <summary>
    /// The gates that are closed, by name. A quota is over by the clock; the others are closed until a probe has passed, also
    /// where nobody probes, but for regions that nobody calls for hours.
    /// </summary>
    public IReadOnlyList<GateState> Snapshot()
    {
        var now = clock.GetUtcNow();
        return
        [
            .. _gates.Values.Select(gate => gate.State).OfType<GateState>()
                .Where(state => !state.Key.IsQuota || state.Until > now)
                .OrderBy(state => state.Name, StringComparer.Ordinal),
        ];
    }

    /// <summary>A passage through the gates of a call, or null and until when to wait.</summary>
    public Passage? TryEnter(PacedCall call, out GateState? wait)
    {
        wait = null;
        ForgetIdle();
        var governor = governors[call.Quota];
        OpenEarlier(governor);
        var passes = new GatePass[4];
        var keys = (ReadOnlySpan<GateKey>)
            [new(call.Account), new(call.Account, Action: call.Action), new(call.Account, RegionId: call.RegionId), call.Quota];
        for (var number = 0; number < keys.Length; number++)
        {
            if (GateOf(keys[number]).TryEnter(out wait) is not { } pass)
            {
                Array.ForEach(passes[..number], entered => entered.Leave());
                return null;
            }

            passes[number] = pass;
        }

        if (!governor.TryTake(call.Origin, clock.GetUtcNow(), out var turn))
        {
            Array.ForEach(passes, entered => entered.Leave());
            wait = new(call.Quota, turn, $"It is not the turn of this call yet: the quota of {call.Action} in {call.RegionId} is used evenly.") { IsTurn = true };
            return null;
        }

        return new(passes[0], passes[1], passes[2], passes[3], new(governor, clock), this);
    }

    /// <summary>When a message that does not wait in hand at a quota should come back: they come one after the other.</summary>
    public DateTimeOffset Promise(GateState quota, Origin origin) => governors[quota.Key].Promise(origin, quota.Until, clock.GetUtcNow());

    /// <summary>Another instance has found a gate closed. Of a quota its governor hears as well, so that no message is taken that can only be put off.</summary>
    public void CloseFromOutside(GateState closed)
    {
        var governor = closed.Key.IsQuota ? governors[closed.Key] : null;
        if (governor?.Believes(closed.Until, clock.GetUtcNow()) == false)
        {
            return;
        }

        if (governor is not null)
        {
            // What was heard before this does not open what this closes.
            OpenEarlier(governor);
        }

        if (GateOf(closed.Key).CloseFromOutside(closed.Until, closed.Reason))
        {
            governor?.OpensAt(closed.Until);
            Log.Closed(logger, closed.Name, closed.Until, closed.Reason);
        }
    }

    /// <summary>Whether something was closed here since the last time that the others should hear of soon.</summary>
    public bool TakeNews() => Interlocked.Exchange(ref _hasNews, false);

    /// <summary>
    /// Once an hour. Whoever comes to a gate in the very moment in which it is forgotten after hours passes as at an open one, and what it finds
    /// closed closes for the next.
    /// </summary>
    private void ForgetIdle()
    {
        var (now, last) = (clock.GetUtcNow(), Interlocked.Read(ref _forgot));
        if (Math.Abs(now.UtcTicks - last) < BetweenForgetting.Ticks || Interlocked.CompareExchange(ref _forgot, now.UtcTicks, last) != last)
        {
            return;
        }

        governors.Forget(now - Idle, now);
        foreach (var gate in _gates.Where(gate => gate.Key.RegionId is not null && gate.Value.IsIdleSince(now - Idle)))
        {
            _gates.TryRemove(gate);
        }
    }

    private void OpenEarlier(Governor governor)
    {
        if (governor.TakeEarlierOpening() is { } opens)
        {
            GateOf(governor.Key).OpenBy(opens);
        }
    }

    private Gate GateOf(GateKey key) => _gates.GetOrAdd(key, static (key, clock) => new(key, clock), clock);

    internal GateState Closed(GateState state)
    {
        IsNews(state);
        Log.Closed(logger, state.Name, state.Until, state.Reason);
        return state;
    }

    internal void Opened(ReadOnlySpan<GatePass> passes)
    {
        foreach (var pass in passes)
        {
            if (pass.Open())
            {
                Log.Opened(logger, pass.Name);
            }
        }
    }

    /// <summary>Refusals that nobody was looking for are an event; the others are how a quota is learned.</summary>
    internal void Refused(GateState state, PaceRefusal refusal)
    {
        if (refusal.ByOthers)
        {
            Log.UsedByOthers(logger, state.Name);
        }

        IsNews(state);
        if (refusal.IsUnexpected)
        {
            Log.Closed(logger, state.Name, state.Until, state.Reason);
        }
        else
        {
            Log.Touched(logger, state.Name, state.Until);
        }
    }

    private void IsNews(GateState closed)
    {
        if (closed.Until - clock.GetUtcNow() > SoonOver)
        {
            Volatile.Write(ref _hasNews, true);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(501, LogLevel.Warning, "{Gate} is closed until {Until:yyyy-MM-dd'T'HH:mm:ss'Z'}: {Reason}")]
        public static partial void Closed(ILogger logger, string gate, DateTimeOffset until, string reason);

        [LoggerMessage(502, LogLevel.Information, "{Gate} is open again: a probe has passed.")]
        public static partial void Opened(ILogger logger, string gate);

        [LoggerMessage(503, LogLevel.Warning, "{Gate} was refused after fewer calls of ours than its quota: somebody else uses it too, or it has shrunk.")]
        public static partial void UsedByOthers(ILogger logger, string gate);

        [LoggerMessage(504, LogLevel.Debug, "{Gate} was called up to its edge, which is closed until {Until:yyyy-MM-dd'T'HH:mm:ss.fff'Z'}.")]
        public static partial void Touched(ILogger logger, string gate, DateTimeOffset until);
    }
}
