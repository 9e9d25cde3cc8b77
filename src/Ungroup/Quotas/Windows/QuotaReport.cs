namespace Ungroup.Quotas.Windows;

/// <summary>An instance's report of a quota: since when it counts, what it knows and has done, and until when it calls nothing because it was refused.</summary>
internal sealed record QuotaReport(
    QuotaKey Key, bool Wants, DateTimeOffset Since, QuotaEstimate Estimate, WindowTally Current, WindowTally Last, DateTimeOffset? ClosedUntil)
{
    public QuotaReport Shift(TimeSpan ahead) => this with
    {
        Since = Since + ahead,
        Estimate = new(
            Estimate.Limit with { Window = Estimate.Limit.Window == default ? default : Estimate.Limit.Window + ahead },
            Estimate.Start.Basis == StartBasis.Clock ? Estimate.Start : Estimate.Start with { Latest = Estimate.Start.Latest + ahead }),
        Current = Current with { Start = Current.Start + ahead },
        Last = Last with { Start = Last.Start + ahead },
        ClosedUntil = ClosedUntil + ahead,
    };
}

/// <summary>Another instance's report of a quota, by our clock; null where it uses the quota and has not said how.</summary>
internal sealed record MemberReport(string Id, bool Wants, QuotaReport? Said)
{
    /// <summary>Its use of a window, once that is sure; null where it is not.</summary>
    public WindowTally? TallyOf(DateTimeOffset window) => Said switch
    {
        { Last: var last } when last.IsOf(window) => last,
        { Since: var since } when since >= window + WindowStart.Length => WindowTally.Of(window, isWhole: true),
        _ => null,
    };
}
