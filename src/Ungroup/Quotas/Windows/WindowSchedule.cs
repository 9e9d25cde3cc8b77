namespace Ungroup.Quotas.Windows;

/// <summary>How many calls an instance may have made by a position in the window. A pure function.</summary>
internal static class WindowSchedule
{
    /// <summary>Nothing is called later in a window, so that a call is not counted in the next one.</summary>
    public const double End = 59.6;

    /// <summary>Until then the reserve is left alone.</summary>
    public const double ReserveFrom = 55;

    private const double TellEnd = 59.4;
    private const double LookFrom = 48;
    private const double LookPeak = 53;
    private const double ProbeFrom = 58;
    private const double ProbePeak = 59;

    // Any quota is reached in one window, with some ten calls under way at its edge.
    private const double Faster = 3;

    private const double Resolution = 0.001;

    // A limit of a few calls would never be found to be more.
    private const double Few = 4;

    // Of the reserve the fleet shares this part, so that the one that probes gets little more than the others.
    private const double SharedReserve = 0.6;

    /// <param name="limit">What is known.</param>
    /// <param name="share">Who shares it.</param>
    /// <param name="plan">The window, and what is kept of it.</param>
    /// <param name="isHolder">Whether this instance looks for the edge of this window.</param>
    /// <param name="position">Seconds since the window started, at the earliest.</param>
    public static int AllowanceAt(QuotaLimit limit, FleetShare share, WindowPlan plan, bool isHolder, double position)
    {
        var everybody = (long)Everybody(limit, plan, position);
        return ShareOf(everybody, share, plan.Number) + (isHolder ? (int)Math.Min(Holder(limit, plan, position), plan.Most - everybody) : 0);
    }

    /// <summary>The first position, from one on, at which more is allowed than was issued; null where there is none in the window.</summary>
    public static double? FirstAllowed(QuotaLimit limit, FleetShare share, WindowPlan plan, bool isHolder, double from, int issued)
    {
        if (IsAllowed(from))
        {
            return from;
        }

        if (!IsAllowed(End))
        {
            return null;
        }

        var (no, yes) = (from, End);
        while (yes - no > Resolution)
        {
            var middle = (no + yes) / 2;
            (no, yes) = IsAllowed(middle) ? (no, middle) : (middle, yes);
        }

        return yes;

        bool IsAllowed(double position) => AllowanceAt(limit, share, plan, isHolder, position) > issued;
    }

    /// <summary>From when on a refusal is how the quota is learned.</summary>
    public static double LooksFrom(QuotaLimit limit) => limit.IsSought ? LookFrom : ReserveFrom;

    /// <summary>The parts of all instances are exactly the whole.</summary>
    public static int ShareOf(long calls, FleetShare share, long window) => (int)((calls + ((share.Rank + window) % share.Count)) / share.Count);

    /// <summary>What the fleet may have called by then, but for the one that looks for the edge.</summary>
    public static double Everybody(QuotaLimit limit, WindowPlan plan, double position)
    {
        var ordinary = limit.Usable * (1 - plan.Reserve);
        var reserve = limit.Usable - ordinary;
        if (limit.IsSought)
        {
            return ordinary * Part(position, plan.Opens, LookFrom);
        }

        var even = ordinary * Part(position, plan.Opens, ReserveFrom);
        return limit.Basis == LimitBasis.Told ? even + (reserve * Part(position, ReserveFrom, TellEnd))
            : plan.IsProbed ? even + (SharedReserve * reserve * Part(position, ReserveFrom, ProbeFrom))
            : even;
    }

    /// <summary>What one instance may call beyond its part to find the edge: faster and faster, so that it is reached shortly before the window ends.</summary>
    private static double Holder(QuotaLimit limit, WindowPlan plan, double position)
    {
        var (reserve, until) = (limit.Usable * plan.Reserve, Math.Min(position, End));
        return !plan.IsProbed ? 0
            : limit.IsSought
                ? until < LookFrom ? 0 : (reserve + Few) * Math.Pow(Faster, until - LookPeak)
                : until < ProbeFrom ? 0 : (((1 - SharedReserve) * reserve) + Few) * (Math.Pow(Faster, until - ProbePeak) - (1 / Faster));
    }

    private static double Part(double position, double from, double to) => Math.Clamp((position - from) / (to - from), 0, 1);
}

/// <summary>One window as its schedule sees it.</summary>
/// <param name="Number">Counts windows.</param>
/// <param name="IsProbed">Whether its edge is looked for.</param>
/// <param name="Opens">Seconds after its earliest start at which calls begin.</param>
/// <param name="Reserve">The share of the quota that is left to others.</param>
/// <param name="Most">What all instances together call of it at most: what an operator has told.</param>
[System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Auto)]
internal readonly record struct WindowPlan(long Number, bool IsProbed, double Opens, double Reserve, int Most = int.MaxValue);
