namespace Ungroup.Quotas.Windows;

/// <summary>What incidents may use of a window at any time: their share of nearly all of it. Ordinary calls pause until the schedule has caught up.</summary>
internal static class IncidentAllowance
{
    private const double Most = 0.97;

    // Of a quota that nobody has told an incident need not wait because the instances are many.
    private const int Least = 10;

    public static int Of(QuotaLimit limit, FleetShare share, long window)
    {
        var part = WindowSchedule.ShareOf((long)(Most * limit.Usable), share, window);
        return limit.Basis == LimitBasis.Told ? part : Math.Max(Least, part);
    }
}
