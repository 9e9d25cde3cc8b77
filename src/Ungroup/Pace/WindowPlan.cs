namespace Ungroup.Pace;

/// <summary>
/// A minute whose calls all come back when it turns. Ordinary calls are spread evenly; the reserve, which would expire with
/// the minute, is spent in its last seconds; and at the very end one instance, the scout, makes one call after the other until
/// one is refused. That refusal costs nobody more than the rest of a second, and says exactly what the quota is.
/// </summary>
internal static class WindowPlan
{
    public const double Length = 60;

    /// <summary>Until then ordinary calls keep off the reserve.</summary>
    public const double ReserveFrom = 55;

    /// <summary>From then on all but the scout are silent.</summary>
    public const double ScoutFrom = 58;

    /// <summary>The refusal should come here: late, so that little is closed, and not in the next minute.</summary>
    public const double Edge = 59.6;

    /// <summary>While a quota is being learned, the scout goes ahead from here.</summary>
    public const double RampFrom = 48;

    private const double SpentWithin = ScoutFrom - ReserveFrom;
    private const double GentleStart = 2;
    private const double GentleEnd = 4;
    private const double GentleCalls = 240;
    private const double LastCalls = 6;
    private const double MostAtOnce = 32;
    private const double CautiousPart = 4;
    private const double MostCatchingUp = 1.5;
    private const double LastMoment = Length - 0.05;

    /// <summary>The quota is known.</summary>
    public static PaceLimit Steady(in PaceView view)
    {
        var position = view.Position;
        if (!view.Touches || position < ReserveFrom || IsSlack(view))
        {
            return Spread(view, view.Ordinary * view.Fair, view.Touches && position < ReserveFrom ? ReserveFrom : Length);
        }

        if (position < ScoutFrom)
        {
            return PaceLimit.Even(Spent(view) / SpentWithin * view.Fair, ScoutFrom);
        }

        return view.IsScout ? Approach(view) : PaceLimit.Silent(Length);
    }

    /// <summary>The quota is unknown, has grown or has shrunk: gently at first, and in the last seconds the scout finds the edge.</summary>
    /// <param name="view">What is known.</param>
    /// <param name="started">When the first minute of this instance began for it, in seconds; negative in all others.</param>
    /// <param name="paused">For how long the scout has waited for answers that count, since it went ahead.</param>
    public static PaceLimit Learning(in PaceView view, double started, double paused)
    {
        var position = view.Position;
        if (position < RampFrom || IsSlack(view))
        {
            return Gentle(view, Math.Max(0, started));
        }

        // Twice as fast every second, so that whatever the quota is, it is used up shortly before it comes back.
        var start = Math.Max(GentleEnd, view.Quota.PerSecond / 4);
        return view.IsScout ? PaceLimit.Even(start * Math.Pow(2, Math.Max(0, position - RampFrom - paused)), Math.Min(Length, position + 0.1)) : PaceLimit.Silent(Length);
    }

    /// <summary>What the fleet, its scout aside, uses of a minute until some seconds into it.</summary>
    public static double Planned(double position, in PaceView view) => view.Quota.Basis switch
    {
        QuotaBasis.Measured => Until(ReserveFrom, position, view.Ordinary) + (Spent(view) * Math.Clamp(position - ReserveFrom, 0, SpentWithin) / SpentWithin),
        QuotaBasis.AtLeast => Until(RampFrom, position, Known(view)),
        QuotaBasis.AtMost => Until(RampFrom, position, Cautious(view)),
        _ => 0,
    };

    /// <summary>What a quota has to be believed to be, at most, for so many calls a minute to be made until the scout looks; no fewer than one.</summary>
    public static double CautiousFor(double calls) => CautiousPart * Math.Max(1, calls);

    private static double Until(double end, double position, double budget) => budget * Math.Min(position, end) / end;

    /// <summary>Where there may be more than what was seen to pass.</summary>
    private static double Known(in PaceView view) => Math.Max(GentleEnd * RampFrom, view.Ordinary);

    /// <summary>Where a quota has shrunk and nobody knows by how much.</summary>
    private static double Cautious(in PaceView view) => view.Quota.PerMinute / CautiousPart;

    private static PaceLimit Gentle(in PaceView view, double started)
    {
        var until = view.Position < RampFrom ? RampFrom : Length;
        if (view.Quota.Basis == QuotaBasis.AtMost)
        {
            return Spread(view, Cautious(view) * view.Fair, until);
        }

        // Where nothing is known few calls may come quickly: no quota is known that would not take them. What has passed in a minute
        // may be all there is, and would be used up in seconds.
        var known = Known(view) / RampFrom * view.Fair;
        return view.Quota.Basis == QuotaBasis.Nothing && view.Passed < GentleCalls * view.Fair
            ? PaceLimit.Even(Math.Max(known, Doubling(view.Position - started) * view.Fair), Math.Min(until, view.Position + 0.25))
            : PaceLimit.Even(known, until);
    }

    /// <summary>A budget, evenly until some seconds into the minute. Who is behind catches up a little, who is ahead slows down.</summary>
    private static PaceLimit Spread(in PaceView view, double budget, double until)
    {
        var even = budget / until;
        var ahead = view.Passed - (even * view.Position);
        var speed = ahead switch
        {
            > 1 => Math.Min(even, Math.Max(0, budget - view.Passed) / Math.Max(until - view.Position, 0.5)),
            < -1 => MostCatchingUp * even,
            _ => even,
        };
        return PaceLimit.Even(speed, Math.Min(until, view.Position + 1));
    }

    private static double Doubling(double seconds) => GentleStart * Math.Pow(2, Math.Clamp(seconds, 0, 7));

    private static PaceLimit Approach(in PaceView view)
    {
        var left = view.Quota.PerMinute - view.FleetPassed;
        if (view.Position >= LastMoment)
        {
            return PaceLimit.Silent(Length);
        }

        // The last calls come one after the other, so that one is refused and not all that are under way.
        var careful = Careful(view);
        var time = Edge - view.Position;
        if (left <= careful || time <= careful * view.Latency)
        {
            var beyond = (int)Math.Clamp(-left - (2 * view.Deviation), 0, MostAtOnce);
            return PaceLimit.OneAfterTheOther(1 + beyond + (int)(Math.Max(0, left) * view.Latency / Math.Max(time, 0.2)), Length);
        }

        var speed = (left - careful) / Math.Max(time - (careful * view.Latency), 0.2);
        return new(speed, 2 + (int)(speed * view.Latency), Math.Min(Length, view.Position + 0.05));
    }

    /// <summary>What all together use of the reserve.</summary>
    private static double Spent(in PaceView view) => Math.Max(0, view.Quota.PerMinute - view.Ordinary - Scouted(view));

    /// <summary>What is left to the scout: enough that the others' last calls do not touch the edge before it does.</summary>
    private static double Scouted(in PaceView view) => Careful(view) + Math.Max(LastCalls, 0.02 * view.Quota.PerMinute);

    /// <summary>How near the edge may be: others use now more and now less.</summary>
    private static double Careful(in PaceView view) => LastCalls + (2 * view.Deviation);

    /// <summary>
    /// Who has used less than half of what it might have has no backlog: there is nothing to be learned, and nothing to hold back.
    /// Whose part is less than a call or two shows nothing by making none: it has to look, or a quota believed tiny would stay so.
    /// </summary>
    private static bool IsSlack(in PaceView view)
    {
        var allowed = view.Quota.Basis switch
        {
            QuotaBasis.AtMost => Cautious(view),
            QuotaBasis.Measured => view.Ordinary,
            _ => Math.Max(GentleCalls, view.Ordinary),
        };
        return view.Passed < Math.Floor(allowed * view.Fair / 2);
    }
}
