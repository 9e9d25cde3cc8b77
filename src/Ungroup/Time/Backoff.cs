namespace Ungroup.Time;

/// <summary>Waits that grow, and are spread by chance, so that what stopped together does not start together.</summary>
internal static class Backoff
{
    /// <summary>The first wait, doubled so many times, and never more than the longest.</summary>
    public static TimeSpan Doubling(TimeSpan first, TimeSpan longest, int times) =>
        TimeSpan.FromTicks((long)Math.Min(first.Ticks * Math.Pow(2, Math.Max(times, 0)), longest.Ticks));

    /// <summary>At least four fifths of a wait, so that it stays one, and never more.</summary>
    /// <param name="wait">The longest that may come of it.</param>
    /// <param name="chance">From 0 up to, and without, 1.</param>
    public static TimeSpan Jittered(TimeSpan wait, double chance) => wait * (0.8 + (0.2 * chance));
}
