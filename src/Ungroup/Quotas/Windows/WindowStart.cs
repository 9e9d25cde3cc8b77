namespace Ungroup.Quotas.Windows;

internal enum StartBasis
{
    /// <summary>Nothing: the clock's minute, for a guess.</summary>
    Clock,
    /// <summary>An instance is seeking it: the instant is when it calls next, for a guess.</summary>
    Sought,
    /// <summary>A hint, or a refusal and a call that passed soon after it.</summary>
    Found,
}

/// <summary>When windows start: at this instant, or by the error earlier at most, and so every minute. A guess is taken at its word.</summary>
internal sealed record WindowStart(DateTimeOffset Latest, TimeSpan Error, StartBasis Basis, string By, int Version)
{
    public static readonly TimeSpan Length = TimeSpan.FromSeconds(60);

    /// <summary>A start with a greater error does not count as found. This must exceed the step in which a start is sought and a call's duration by much.</summary>
    public static readonly TimeSpan MostError = TimeSpan.FromSeconds(4);

    /// <summary>Between clocks that differ by up to 0.6 s, as clocks that are set over the network do, and a moment for a call.</summary>
    public static readonly TimeSpan Guard = TimeSpan.FromSeconds(0.7);

    /// <summary>A window starts by at least so much behind a call that was still refused.</summary>
    public static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);

    public static readonly WindowStart OfTheClock = new(DateTimeOffset.UnixEpoch, TimeSpan.Zero, StartBasis.Clock, "", 0);

    public bool IsFound => Basis == StartBasis.Found;

    private DateTimeOffset Earliest => Latest - Error;

    /// <summary>The window of an instant, counted from its earliest start, so that its end is never taken for later than it is.</summary>
    public DateTimeOffset WindowOf(DateTimeOffset instant) => Earliest + (Math.Floor((instant - Earliest) / Length) * Length);

    public long NumberOf(DateTimeOffset window) =>
        (long)(Math.Round(Latest.ToUnixTimeMilliseconds() / Length.TotalMilliseconds) + Math.Round((window - Earliest) / Length));

    /// <summary>Whether a window may start at an instant, or by so much earlier or later.</summary>
    public bool Agrees(DateTimeOffset instant, TimeSpan by) => instant - WindowOf(instant + by) <= Error + by;

    public WindowStart Found(DateTimeOffset latest, TimeSpan error, string by) => new(latest, error, StartBasis.Found, by, Version + 1);

    public WindowStart Sought(DateTimeOffset next, string by) => new(next, TimeSpan.Zero, StartBasis.Sought, by, Version + 1);

    /// <summary>The later version counts more; of two that were found apart the better known one.</summary>
    public bool Replaces(WindowStart other) => (Version, Basis, -Error, Latest).CompareTo((other.Version, other.Basis, -other.Error, other.Latest)) switch
    {
        0 => string.CompareOrdinal(By, other.By) > 0,
        var order => order > 0,
    };
}

/// <summary>One instance's use of a window: permits given out, calls taken, one refused; and whether every call since its start is counted.</summary>
/// <param name="Waived">Calls that the schedule has allowed and that are not made up for; below zero, calls that are not waited for.</param>
internal sealed record WindowTally(DateTimeOffset Start, int Issued, int Waived, int Passed, bool Hit, bool IsWhole)
{
    // A start that is known a little better does not begin a new tally.
    private static readonly TimeSpan Same = TimeSpan.FromSeconds(3);

    public DateTimeOffset End => Start + WindowStart.Length;

    public int Spent => Issued + Waived;

    public static WindowTally Of(DateTimeOffset start, bool isWhole) => new(start, 0, 0, 0, Hit: false, isWhole);

    public static bool AreSame(DateTimeOffset one, DateTimeOffset other) => (one - other).Duration() <= Same;

    public bool IsOf(DateTimeOffset start) => AreSame(Start, start);
}
