namespace Ungroup.Quotas.Windows;

/// <summary>When the windows of a quota start: once within an interval, and at the same second of every minute.</summary>
/// <param name="Latest">A window starts at this instant, or by so much earlier at most.</param>
/// <param name="Error">How much earlier. More than a few seconds is a guess, which says nothing.</param>
/// <param name="FoundBy">The instance that has found it, or is seeking it; empty for the clock's minute.</param>
/// <param name="Version">One more than that of what it replaces.</param>
internal sealed record WindowStart(DateTimeOffset Latest, TimeSpan Error, string FoundBy, int Version)
{
    public static readonly TimeSpan Length = TimeSpan.FromSeconds(60);

    /// <summary>A start that is known as well as this is worked by. It must exceed the step in which one is sought and a call's duration by much.</summary>
    public static readonly TimeSpan Sure = TimeSpan.FromSeconds(4);

    /// <summary>The clocks of two instances differ by at most 0.6 s, and a call takes a moment.</summary>
    public static readonly TimeSpan Guard = TimeSpan.FromSeconds(0.7);

    /// <summary>The resolution of instants in a heartbeat.</summary>
    public static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);

    public static readonly WindowStart OfTheClock = new(DateTimeOffset.UnixEpoch, Length, "", 0);

    public bool IsSure => Error <= Sure;

    /// <summary>Seconds after the earliest start at which a window has surely started; a guess is taken at its word.</summary>
    public TimeSpan Uncertain => IsSure ? Error : TimeSpan.Zero;

    private DateTimeOffset Earliest => Latest - Uncertain;

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

    public WindowStart Next(DateTimeOffset latest, TimeSpan error, string foundBy) => new(latest, error, foundBy, Version + 1);

    /// <summary>The later version counts more; of two that were found apart the better known one.</summary>
    public bool Replaces(WindowStart other) => (Version, -Error, Latest).CompareTo((other.Version, -other.Error, other.Latest)) switch
    {
        0 => string.CompareOrdinal(FoundBy, other.FoundBy) > 0,
        var order => order > 0,
    };
}
