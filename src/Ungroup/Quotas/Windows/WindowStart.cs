namespace Ungroup.Quotas.Windows;

/// <summary>What the start of windows stands on.</summary>
internal enum StartBasis
{
    /// <summary>Nothing: the clock's minute, for a guess.</summary>
    Clock,

    /// <summary>An instance is seeking it: the instant is when it calls next, for a guess.</summary>
    Sought,

    /// <summary>A hint, or a refusal and a call that passed soon after it.</summary>
    Found,
}

/// <summary>
/// When the windows of a quota start: at the latest at this instant, and by the error earlier at most, which is zero for a guess; and so every
/// minute. An instance has found that, or is seeking it; nobody has the clock's minute. The version is one more than that of what it replaces.
/// </summary>
internal sealed record WindowStart(DateTimeOffset Latest, TimeSpan Error, StartBasis Basis, string By, int Version)
{
    public static readonly TimeSpan Length = TimeSpan.FromSeconds(60);

    /// <summary>What is known worse is not found. It must exceed the step in which a start is sought and a call's duration by much.</summary>
    public static readonly TimeSpan MostError = TimeSpan.FromSeconds(4);

    /// <summary>The clocks of two instances differ by at most 0.6 s, and a call takes a moment.</summary>
    public static readonly TimeSpan Guard = TimeSpan.FromSeconds(0.7);

    /// <summary>The resolution of instants in a heartbeat.</summary>
    public static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);

    public static readonly WindowStart OfTheClock = new(DateTimeOffset.UnixEpoch, TimeSpan.Zero, StartBasis.Clock, "", 0);

    public bool IsFound => Basis == StartBasis.Found;

    private DateTimeOffset Earliest => Latest - Error;

    /// <summary>
    /// The window that an instant is in. It counts from the earliest instant at which it may start, so that its end is never taken for
    /// later than it is.
    /// </summary>
    public DateTimeOffset WindowOf(DateTimeOffset instant) => Earliest + (Math.Floor((instant - Earliest) / Length) * Length);

    /// <summary>All instances that share this start count the windows alike.</summary>
    public long NumberOf(DateTimeOffset window) =>
        (long)(Math.Round(Latest.ToUnixTimeMilliseconds() / Length.TotalMilliseconds) + Math.Round((window - Earliest) / Length));

    /// <summary>By how much an instant at which a window is said to start is off, to either side.</summary>
    public TimeSpan Off(DateTimeOffset start)
    {
        var position = start - WindowOf(start);
        var late = position > Error ? position - Error : TimeSpan.Zero;
        return Length - position < late ? Length - position : late;
    }

    public WindowStart Found(DateTimeOffset latest, TimeSpan error, string by) => new(latest, error, StartBasis.Found, by, Version + 1);

    public WindowStart Sought(DateTimeOffset next, string by) => new(next, TimeSpan.Zero, StartBasis.Sought, by, Version + 1);

    /// <summary>The later version counts more; of two that were found apart the better known one.</summary>
    public bool Replaces(WindowStart other) => (Version, Basis, -Error, Latest).CompareTo((other.Version, other.Basis, -other.Error, other.Latest)) switch
    {
        0 => string.CompareOrdinal(By, other.By) > 0,
        var order => order > 0,
    };
}

/// <summary>
/// What one instance has done in one window: permits given out, and calls that ECS has taken; whether one was refused because the window was used up, and
/// whether every call since its start is counted. Waived is what the schedule has allowed and is not made up for; below zero, what is not waited for.
/// </summary>
internal sealed record WindowTally(DateTimeOffset Start, int Issued, int Waived, int Passed, bool Hit, bool IsWhole)
{
    // A start that is known a little better does not begin a new tally.
    private static readonly TimeSpan Same = TimeSpan.FromSeconds(3);

    public DateTimeOffset End => Start + WindowStart.Length;

    /// <summary>What is compared with the schedule.</summary>
    public int Spent => Issued + Waived;

    public static WindowTally Of(DateTimeOffset start, bool isWhole) => new(start, 0, 0, 0, Hit: false, isWhole);

    public static bool AreSame(DateTimeOffset one, DateTimeOffset other) => (one - other).Duration() <= Same;

    public bool IsOf(DateTimeOffset start) => AreSame(Start, start);
}
