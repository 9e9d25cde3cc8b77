using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;

namespace Ungroup.Pace;

/// <summary>
/// Every gate there is: one per account, closed while an operator has to act (the circuit), and one per account, region and
/// API, closed while its quota is used up. ECS counts exactly so.
/// </summary>
internal sealed partial class Gates(TimeProvider clock, ILogger<Gates> logger)
{
    private readonly ConcurrentDictionary<GateKey, Gate> _gates = new();

    /// <summary>The gates that are closed, by name.</summary>
    public IReadOnlyList<GateState> Snapshot() =>
        [.. _gates.Values.Select(gate => gate.State).OfType<GateState>().OrderBy(state => state.Name, StringComparer.Ordinal)];

    /// <summary>A passage through both gates of a call, or null and until when to wait.</summary>
    public Passage? TryEnter(string account, string regionId, string action, out GateState? wait)
    {
        var circuit = GateOf(new(account, RegionId: null, Action: null)).TryEnter(out wait);
        if (circuit is null)
        {
            return null;
        }

        var pace = GateOf(new(account, regionId, action)).TryEnter(out wait);
        if (pace is null)
        {
            circuit.Leave();
            return null;
        }

        return new(circuit, pace, this);
    }

    private Gate GateOf(GateKey key) => _gates.GetOrAdd(key, static (key, clock) => new(key.ToString(), clock), clock);

    internal void Closed(GateState state) => Log.Closed(logger, state.Name, state.Until, state.Reason);

    internal void Opened() => Log.Opened(logger);

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct GateKey(string Account, string? RegionId, string? Action)
    {
        public override string ToString() => RegionId is null ? $"account {Account}" : $"{Account}/{RegionId}/{Action}";
    }

    private static partial class Log
    {
        [LoggerMessage(501, LogLevel.Warning, "{Gate} is closed until {Until:yyyy-MM-dd'T'HH:mm:ss'Z'}: {Reason}")]
        public static partial void Closed(ILogger logger, string gate, DateTimeOffset until, string reason);

        [LoggerMessage(502, LogLevel.Information, "A probe has passed: the gate is open again.")]
        public static partial void Opened(ILogger logger);
    }
}
