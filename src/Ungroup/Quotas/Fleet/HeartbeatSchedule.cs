using System.Runtime.InteropServices;
using Ungroup.Quotas.Windows;
using Ungroup.Time;

namespace Ungroup.Quotas.Fleet;

/// <summary>When an instance writes its heartbeat and reads those of the others: after each start of a window, and a few times between.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct HeartbeatSchedule(DateTimeOffset WriteAt, DateTimeOffset ReadAt, DateTimeOffset WrittenAt)
{
    /// <summary>Between two writes, and some.</summary>
    public static readonly TimeSpan LongestGap = TimeSpan.FromSeconds(25);

    private static readonly TimeSpan BetweenWrites = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan BetweenReads = TimeSpan.FromSeconds(7.5);
    private static readonly TimeSpan BetweenNews = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan AfterNews = TimeSpan.FromSeconds(1);

    // What a window took is said soon after its end, when its last answers are in, by all within a second, and read once everybody has.
    private static readonly TimeSpan SaysFrom = TimeSpan.FromSeconds(0.3);
    private static readonly TimeSpan SaysWithin = TimeSpan.FromSeconds(0.9);
    private static readonly TimeSpan Hears = TimeSpan.FromSeconds(3);

    public DateTimeOffset Next(bool hasNews) => DateTimeOffset.Earlier(DateTimeOffset.Earlier(WriteAt, ReadAt), hasNews ? WrittenAt + BetweenNews : DateTimeOffset.MaxValue);

    public bool Writes(DateTimeOffset now, bool hasNews) => now >= WriteAt || (hasNews && now >= WrittenAt + BetweenNews);

    public bool Reads(DateTimeOffset now) => now >= ReadAt;

    /// <param name="now">This instant.</param>
    /// <param name="window">When the window of the busiest quota started.</param>
    /// <param name="chance">Spreads instances that run by the same clock.</param>
    /// <param name="wasNews">What was written was news, or the first word: others may have such to say as well.</param>
    public HeartbeatSchedule Wrote(DateTimeOffset now, DateTimeOffset window, double chance, bool wasNews) => new(
        DateTimeOffset.Earlier(now + BetweenWrites, After(now, window, SaysFrom + (chance * SaysWithin))),
        wasNews ? DateTimeOffset.Earlier(ReadAt > now ? ReadAt : DateTimeOffset.MaxValue, now + AfterNews) : ReadAt,
        now);

    public HeartbeatSchedule Read(DateTimeOffset now, DateTimeOffset window) => this with { ReadAt = DateTimeOffset.Earlier(now + BetweenReads, After(now, window, Hears)) };

    /// <summary>The next time at which a window is so old.</summary>
    private static DateTimeOffset After(DateTimeOffset now, DateTimeOffset window, TimeSpan age)
    {
        var first = window + age;
        return first > now ? first : first + ((Math.Floor((now - first) / WindowStart.Length) + 1) * WindowStart.Length);
    }
}
