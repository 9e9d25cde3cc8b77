using Ungroup.Pace;

namespace Ungroup.Cli.Sandbox;

/// <summary>How fast a worker goes, and how long what is left takes: said while the pace is what is waited for.</summary>
internal sealed class PaceLine(Governors governors, TimeProvider clock)
{
    // Between one turn and the next nothing waits for a moment.
    private static readonly TimeSpan Lately = TimeSpan.FromSeconds(1);

    // The edge of a minute is closed for less.
    private static readonly TimeSpan Notable = TimeSpan.FromSeconds(2);

    /// <summary>Null while nothing waits for its turn.</summary>
    public string? Of(int left)
    {
        var now = clock.GetUtcNow();
        var waited = governors.All.Select(governor => governor.Look(now)).OfType<PaceLook>()
            .Where(look => now - look.WaitsUntil < Lately || look.ClosedUntil > now)
            .ToList();
        if (waited.Count == 0 || left == 0)
        {
            return null;
        }

        var speed = waited.Sum(look => look.PerSecond);
        var closed = waited.Max(look => look.ClosedUntil) - now is { } wait && wait > Notable ? wait : TimeSpan.Zero;
        var ends = $"{left} left, about {Forecast.Said(closed + TimeSpan.FromSeconds(left / speed))}";
        var paced = waited.TrueForAll(look => look.Quota.PerMinute > 0)
            ? $"paced {Forecast.Said(speed)}/s of {Bound(waited)}{Forecast.Said(waited.Sum(look => look.Quota.PerSecond))}/s"
            : $"paced {Forecast.Said(speed)}/s while the quota is learned";
        return closed > TimeSpan.Zero ? $"used up for another {Forecast.Said(closed)}, then {paced}; {ends}" : $"{paced}; {ends}";
    }

    private static string Bound(List<PaceLook> waited) =>
        waited.TrueForAll(look => look.Quota.IsMeasured) ? ""
        : waited.Exists(look => look.Quota.Basis == QuotaBasis.AtMost) ? "at most "
        : "at least ";
}
