using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Ungroup.Pace;

/// <summary>
/// Every gate there is. One per account, per account and API, and per account and region, closed while somebody has to mend
/// something (the circuits); and one per account, region and API, closed while its quota is used up. ECS counts exactly so.
/// </summary>
internal sealed partial class Gates(TimeProvider clock, ILogger<Gates> logger)
{
    private readonly ConcurrentDictionary<GateKey, Gate> _gates = new();

    private long _usedByOthers;

    /// <summary>How often a call was refused although fewer calls of ours than before had used the quota.</summary>
    public long RefusedByOthers => Interlocked.Read(ref _usedByOthers);

    /// <summary>The gates that are closed, by name.</summary>
    public IReadOnlyList<GateState> Snapshot() =>
        [.. _gates.Values.Select(gate => gate.State).OfType<GateState>().OrderBy(state => state.Name, StringComparer.Ordinal)];

    /// <summary>A passage through the gates of a call, or null and until when to wait.</summary>
    public Passage? TryEnter(string account, string regionId, string action, out GateState? wait)
    {
        wait = null;
        var passes = new GatePass[4];
        var keys = (ReadOnlySpan<GateKey>)
            [new(account), new(account, Action: action), new(account, RegionId: regionId), new(account, regionId, action)];
        for (var number = 0; number < keys.Length; number++)
        {
            if (GateOf(keys[number]).TryEnter(out wait) is not { } pass)
            {
                Array.ForEach(passes[..number], entered => entered.Leave());
                return null;
            }

            passes[number] = pass;
        }

        return new(passes[0], passes[1], passes[2], passes[3], this);
    }

    /// <summary>Another instance has found a gate closed.</summary>
    public void CloseFromOutside(GateState closed)
    {
        if (GateOf(closed.Key).CloseFromOutside(closed.Until, closed.Reason))
        {
            Closed(closed);
        }
    }

    private Gate GateOf(GateKey key) => _gates.GetOrAdd(key, static (key, clock) => new(key, clock), clock);

    internal GateState Closed(GateState state)
    {
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

    internal void UsedByOthers(GateState state)
    {
        Interlocked.Increment(ref _usedByOthers);
        Log.UsedByOthers(logger, state.Name);
    }

    private static partial class Log
    {
        [LoggerMessage(501, LogLevel.Warning, "{Gate} is closed until {Until:yyyy-MM-dd'T'HH:mm:ss'Z'}: {Reason}")]
        public static partial void Closed(ILogger logger, string gate, DateTimeOffset until, string reason);

        [LoggerMessage(502, LogLevel.Information, "{Gate} is open again: a probe has passed.")]
        public static partial void Opened(ILogger logger, string gate);

        [LoggerMessage(503, LogLevel.Warning, "{Gate} was refused after fewer calls of this worker than before: somebody else uses the same quota.")]
        public static partial void UsedByOthers(ILogger logger, string gate);
    }
}
