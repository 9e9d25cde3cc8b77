namespace Ungroup.Pace;

/// <summary>
/// A quota that comes back bit by bit. Calls are spread evenly. How fast it comes back shows between two refusals that follow
/// each other closely, because between them nothing was saved up: the scout looks for such a pair at the end of a minute.
/// </summary>
internal static class BucketPlan
{
    /// <summary>From then on all but the scout are silent, for the rest of the minute.</summary>
    public const double ScoutFrom = 56;

    // A scout that does not come back must not stop the others for long.
    private const double Patience = 15;

    /// <param name="view">What is known.</param>
    /// <param name="drains">How often the bucket was found empty in this minute's look.</param>
    public static PaceLimit Steady(in PaceView view, int drains)
    {
        var even = view.Ordinary / WindowPlan.Length * view.Fair;
        if (!view.Touches || view.Position < ScoutFrom || view.Passed < Math.Floor(even * ScoutFrom / 2))
        {
            return PaceLimit.Even(even, view.Touches && view.Position < ScoutFrom ? ScoutFrom : WindowPlan.Length);
        }

        return (view.IsScout, drains) switch
        {
            (false, _) or (_, > 1) => PaceLimit.Silent(WindowPlan.Length),
            (_, 0) => PaceLimit.Even(Draining(view), Math.Min(WindowPlan.Length, view.Position + 0.1)),
            _ => PaceLimit.Even(1.2 * view.Quota.PerSecond, WindowPlan.Length),
        };
    }

    /// <summary>Faster every second: nobody knows how much it holds, and what is not emptied by the end of the minute is not measured.</summary>
    private static double Draining(in PaceView view) => 2 * view.Quota.PerSecond * Math.Pow(2, Math.Floor(view.Position - ScoutFrom));

    /// <param name="view">What is known.</param>
    /// <param name="ramp">Where the scout began, in calls a second.</param>
    /// <param name="seconds">For how long it has gone on.</param>
    /// <param name="alarmed">Seconds since somebody was refused unexpectedly; null where nobody was.</param>
    public static PaceLimit Learning(in PaceView view, double ramp, double seconds, double? alarmed)
    {
        var soon = view.Position + 0.1;
        if (view.IsScout)
        {
            return PaceLimit.Even(ramp * Math.Pow(2, Math.Clamp(seconds, 0, 12)), soon);
        }

        var even = view.Ordinary / WindowPlan.Length * view.Fair;
        return alarmed switch
        {
            null => PaceLimit.Even(even, soon),
            < Patience => PaceLimit.Silent(view.Position + 1),
            _ => PaceLimit.Even(even / 4, soon),
        };
    }

    /// <summary>What the fleet, its scout aside, uses of a minute until some seconds into it. After an alarm it is silent.</summary>
    public static double Planned(double position, in PaceView view) => view.Quota.Basis switch
    {
        QuotaBasis.Measured => view.Ordinary * Math.Min(position, ScoutFrom) / WindowPlan.Length,
        QuotaBasis.AtLeast => view.Ordinary * position / WindowPlan.Length,
        _ => 0,
    };
}
