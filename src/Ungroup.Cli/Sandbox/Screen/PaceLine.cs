using Ungroup.Quotas;
using Ungroup.Quotas.Windows;

namespace Ungroup.Cli.Sandbox.Screen;

/// <summary>How fast a worker goes and how long the rest takes, while the pace is what is waited for.</summary>
internal sealed class PaceLine(QuotaLimiters limiters, TimeProvider clock)
{
    // Between two turns nothing waits for a moment.
    private static readonly TimeSpan Lately = TimeSpan.FromSeconds(1);

    // The edge of a minute is closed for less.
    private static readonly TimeSpan Notable = TimeSpan.FromSeconds(2);

    public string? Of(int left)
    {
        var now = clock.GetUtcNow();
        var waited = limiters.All.Select(limiter => limiter.Look())
            .Where(look => now - look.Demand.WaitsUntil < Lately || look.Closed is not null)
            .ToList();
        if (waited.Count == 0 || left == 0)
        {
            return null;
        }

        var speed = waited.Sum(look => look.PerSecond);
        var closed = waited.Max(look => look.Closed?.Until ?? default) - now is var wait && wait > Notable ? wait : TimeSpan.Zero;
        var ends = $"{left} left, about {Forecast.Said(closed + TimeSpan.FromSeconds(left / speed))}";
        var paced = waited.TrueForAll(look => look.Estimate.Limit.Calls > 0)
            ? $"paced {Forecast.Said(speed)}/s of {Bound(waited)}{Forecast.Said(waited.Sum(look => look.Estimate.Limit.Calls / WindowStart.Length.TotalSeconds))}/s"
            : $"paced {Forecast.Said(speed)}/s while the quota is learned";
        return closed > TimeSpan.Zero ? $"used up for another {Forecast.Said(closed)}, then {paced}; {ends}" : $"{paced}; {ends}";
    }

    private static string Bound(List<QuotaLook> waited) =>
        waited.TrueForAll(look => look.Estimate.Limit.IsExact) ? ""
        : waited.Exists(look => look.Estimate.Limit.Basis == LimitBasis.AtMost) ? "at most "
        : "at least ";
}
