namespace Ungroup.Benchmarks.Pace.Measures;

/// <summary>The value that a share of all values does not exceed, by rank: of a hundred values the 99th is p99.</summary>
internal static class Order
{
    public static TimeSpan Rank(IEnumerable<TimeSpan> values, double share)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length == 0 ? TimeSpan.Zero : sorted[Math.Max(0, (int)Math.Ceiling(sorted.Length * share) - 1)];
    }
}
