namespace Ungroup.Quotas.Windows;

/// <summary>An operator's word: the share of a quota that is left to others, and calls in a window; null where that is to be learned.</summary>
internal sealed record QuotaTerms(double Reserve, int? Told);

/// <summary>The instances that share a quota now, in the same order for all of them, and which of them this one is.</summary>
internal sealed record FleetShare(string Me, IReadOnlyList<string> Members)
{
    public int Count => Members.Count;

    public int Place { get; } = Members.TakeWhile(member => member != Me).Count();

    public static FleetShare Of(string me, IEnumerable<string> others) =>
        new(me, [.. others.Append(me).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)]);

    /// <summary>The parts of all instances are exactly the whole.</summary>
    public int PartOf(long calls, long window) => (int)((calls + ((Place + window) % Count)) / Count);

    /// <summary>One probes a window, each time another, of an exact limit in every second window; while nobody knows when windows start, the one that seeks that.</summary>
    public bool IsProber(QuotaEstimate estimate, long window) =>
        estimate.Start.IsFound ? Place == (int)((estimate.Limit.IsExact ? window / 2 : window) % Count)
        : Me == (Members.Contains(estimate.Start.By, StringComparer.Ordinal) ? estimate.Start.By : Members[0]);
}

/// <summary>How many calls an instance may have made by a position in a window: seconds since its earliest start. A pure function. Windows are numbered.</summary>
internal sealed record WindowSchedule(QuotaEstimate Estimate, FleetShare Share, QuotaTerms Terms, long Window)
{
    /// <summary>Nothing is called later in a window, so that a call is not counted in the next one.</summary>
    public const double End = 59.6;
    public const double ReserveFrom = 55;

    private const double ToldEnd = 59.4;
    private const double Resolution = 0.001;

    // An unknown end is probed from 48 on, to be reached some seconds before the window ends; a known one from 58 on, in its last second. Three times
    // as fast each second, an unknown one of a thousand is reached in one window. A limit of a few calls would never be found to be more.
    private const double LookFrom = 48;
    private const double LookPeak = 53;
    private const double ProbeFrom = 58;
    private const double ProbePeak = 59;
    private const double Faster = 3;
    private const double Few = 4;

    // Of the reserve all share this part, so that the one that probes gets little more than the others.
    private const double SharedReserve = 0.6;

    // Incidents may use so much of a window at any time; of a quota that was not told the least also where the instances are many and their parts are smaller.
    private const double ForIncidents = 0.97;
    private const int LeastForIncidents = 10;

    /// <summary>In every second window the known end is probed: each time costs a refusal and a second in which the quota is closed.</summary>
    public bool IsProbed => !Limit.IsExact || (Limit.Basis == LimitBasis.Measured && Window % 2 == 0);

    /// <summary>Until then ordinary calls come evenly; from then on a refusal is how the quota is learned.</summary>
    public double LooksFrom => Limit.IsExact ? ReserveFrom : LookFrom;

    /// <summary>Incidents may call while all that this instance has spent is less; ordinary calls then pause until the schedule has caught up.</summary>
    public int CeilingForIncidents => Math.Max(Limit.Basis == LimitBasis.Told ? 0 : LeastForIncidents, Share.PartOf((long)(ForIncidents * Limit.Usable), Window));

    private QuotaLimit Limit => Estimate.Limit;
    private double ReservedCalls => Limit.Usable * Terms.Reserve;

    public int AllowanceAt(double position)
    {
        var everybody = (long)EverybodyAt(position);
        var most = (Terms.Told ?? int.MaxValue) - everybody;
        return Share.PartOf(everybody, Window) + (IsProbed && Share.IsProber(Estimate, Window) ? (int)Math.Min(ProberAt(Math.Min(position, End)), most) : 0);
    }

    /// <summary>The first position, from one on, at which more is allowed than was spent; null where there is none in the window.</summary>
    public double? FirstAllowed(double from, int spent)
    {
        if (AllowanceAt(from) > spent)
        {
            return from;
        }

        var (no, yes) = (from, End);
        while (yes - no > Resolution)
        {
            var middle = (no + yes) / 2;
            (no, yes) = AllowanceAt(middle) > spent ? (no, middle) : (middle, yes);
        }

        return AllowanceAt(yes) > spent ? yes : null;
    }

    /// <summary>The calls that all may have made together by then, but for the one that probes.</summary>
    public double EverybodyAt(double position)
    {
        var opens = (Estimate.Start.Error + WindowStart.Guard).TotalSeconds;
        var even = (Limit.Usable - ReservedCalls) * Part(position, opens, LooksFrom);
        return Limit.Basis == LimitBasis.Told ? even + (ReservedCalls * Part(position, ReserveFrom, ToldEnd))
            : Limit.IsExact && IsProbed ? even + (SharedReserve * ReservedCalls * Part(position, ReserveFrom, ProbeFrom))
            : even;
    }

    private double ProberAt(double position) => Limit.IsExact
        ? position < ProbeFrom ? 0 : (((1 - SharedReserve) * ReservedCalls) + Few) * (Math.Pow(Faster, position - ProbePeak) - (1 / Faster))
        : position < LookFrom ? 0 : (ReservedCalls + Few) * Math.Pow(Faster, position - LookPeak);

    private static double Part(double position, double from, double to) => Math.Clamp((position - from) / (to - from), 0, 1);
}
