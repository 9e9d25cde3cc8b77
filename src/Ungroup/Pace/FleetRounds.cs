namespace Ungroup.Pace;

/// <summary>When an instance writes and reads within a minute: a handful of reads, three or four writes.</summary>
internal static class FleetRounds
{
    // Seconds into the minute. What the last minute has taken is said first, then added up, then read; before the end of the
    // minute the scout hears how much the others have used.
    private static readonly (double At, bool Writes)[] Rounds =
        [(1.1, true), (3.2, false), (4.8, false), (14, false), (24, true), (34, false), (46, true), (54, false)];

    /// <summary>Between any two rounds.</summary>
    public static readonly TimeSpan Soon = TimeSpan.FromSeconds(0.2);

    /// <summary>Between two rounds because of news.</summary>
    public static readonly TimeSpan BetweenNews = TimeSpan.FromSeconds(2);

    /// <param name="now">This instant.</param>
    /// <param name="minuteStart">When this minute began.</param>
    /// <param name="chance">Spreads instances that run by the same clock.</param>
    public static (DateTimeOffset At, bool Writes) Next(DateTimeOffset now, DateTimeOffset minuteStart, double chance)
    {
        var position = (now - minuteStart).TotalSeconds;
        foreach (var (at, writes) in Rounds)
        {
            if (at > position + Soon.TotalSeconds)
            {
                return (minuteStart + TimeSpan.FromSeconds(at + (0.6 * chance)), writes);
            }
        }

        return (minuteStart + TimeSpan.FromSeconds(WindowPlan.Length + Rounds[0].At + (0.6 * chance)), true);
    }
}
