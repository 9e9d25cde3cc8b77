namespace Ungroup.Time;

internal static class Backoff
{
    public static TimeSpan Doubling(TimeSpan first, TimeSpan longest, int times) =>
        TimeSpan.FromTicks((long)Math.Min(first.Ticks * Math.Pow(2, Math.Max(times, 0)), longest.Ticks));

    /// <summary>Four to five fifths of a wait, so that what stopped together does not start together.</summary>
    public static TimeSpan Jittered(TimeSpan wait, double chance) => wait * (0.8 + (0.2 * chance));
}
