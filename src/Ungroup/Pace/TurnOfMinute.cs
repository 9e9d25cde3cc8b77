namespace Ungroup.Pace;

/// <summary>When the minutes of a quota turn: once within a while from an instant on, and at the same second of every minute after.</summary>
/// <param name="From">Not before. Of two findings the later one counts; the clock's minute is what is believed before there is one.</param>
/// <param name="Within">Not later than so long after that.</param>
internal sealed record TurnOfMinute(DateTimeOffset From, TimeSpan Within)
{
    public static readonly TurnOfMinute OfTheClock = new(default, TimeSpan.Zero);

    // A finding that comes back by way of another instance's clock is not a new one.
    private static readonly TimeSpan SameMinute = TimeSpan.FromSeconds(WindowPlan.Length / 2);
    private static readonly TimeSpan Minute = TimeSpan.FromSeconds(WindowPlan.Length);

    public bool WasFound => From != default;

    /// <summary>When the minute began, at the earliest, that an instant is in.</summary>
    public DateTimeOffset StartOf(DateTimeOffset instant) => From + (Math.Floor((instant - From) / Minute) * Minute);

    /// <summary>Which minute it is that began then; all who believe the same count alike, and go on counting when the same is found again.</summary>
    public long NumberOf(DateTimeOffset start) =>
        (long)(Math.Round(From.ToUnixTimeMilliseconds() / 60_000.0, MidpointRounding.AwayFromZero) + Math.Round((start - From) / Minute));

    public bool IsNewerThan(TurnOfMinute other) => From > other.From + SameMinute;

    /// <summary>Whether a minute may turn between two instants that are less than a minute apart.</summary>
    public bool IsBetween(DateTimeOffset one, DateTimeOffset other) => StartOf(other) + Within >= one;
}
