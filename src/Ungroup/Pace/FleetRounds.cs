namespace Ungroup.Pace;

/// <summary>When an instance writes and reads within a minute: a handful of reads, three or four writes.</summary>
internal static class FleetRounds
{
    // Seconds into the minute. What the last minute has taken is said first, then added up, then read; before the end of the
    // minute the scout hears how much the others have used.
    private static readonly (double At, bool Writes)[] Rounds =
        [(1.1, true), (3.2, false), (4.8, false), (14, false), (24, true), (34, false), (46, true), (54, false)];

    // Instances that begin together read at first before the others have written: each would take the quota for its own.
    private static readonly double[] AfterFirst = [1, 3];

    /// <summary>Between two writes that are not news, and some.</summary>
    public static readonly TimeSpan LongestGap = TimeSpan.FromSeconds(25);

    /// <summary>Between any two rounds.</summary>
    public static readonly TimeSpan Soon = TimeSpan.FromSeconds(0.2);

    /// <summary>Between two rounds because of news.</summary>
    public static readonly TimeSpan BetweenNews = TimeSpan.FromSeconds(2);

    /// <param name="now">This instant.</param>
    /// <param name="minuteStart">When this minute began.</param>
    /// <param name="first">When the instance wrote for the first time.</param>
    /// <param name="chance">Spreads instances that run by the same clock.</param>
    public static (DateTimeOffset At, bool Writes) Next(DateTimeOffset now, DateTimeOffset minuteStart, DateTimeOffset first, double chance)
    {
        var regular = InMinute(now, minuteStart, chance);
        foreach (var at in AfterFirst)
        {
            var read = first + TimeSpan.FromSeconds(at);
            if (read > now + Soon && read < regular.At)
            {
                return (read, false);
            }
        }

        return regular;
    }

    private static (DateTimeOffset At, bool Writes) InMinute(DateTimeOffset now, DateTimeOffset minuteStart, double chance)
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
