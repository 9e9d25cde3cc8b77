namespace Ungroup.Quotas.Windows;

/// <summary>What an instance says of a quota.</summary>
/// <param name="Key">Which one.</param>
/// <param name="Wants">Whether it has work for it.</param>
/// <param name="Since">When it began to count.</param>
/// <param name="Estimate">What it knows.</param>
/// <param name="Current">Its part of this window.</param>
/// <param name="Last">Its part of the one before.</param>
/// <param name="ClosedUntil">Until when it calls nothing because it was refused; null where it was not.</param>
internal sealed record QuotaReport(
    QuotaKey Key, bool Wants, DateTimeOffset Since, QuotaEstimate Estimate, WindowTally Current, WindowTally Last, DateTimeOffset? ClosedUntil)
{
    /// <summary>The same by a clock that is ahead by so much.</summary>
    public QuotaReport Shift(TimeSpan ahead) => this with
    {
        Since = Since + ahead,
        Estimate = new(
            Estimate.Limit with { Window = Estimate.Limit.Window == default ? default : Estimate.Limit.Window + ahead },
            Estimate.Start.FoundBy.Length == 0 ? Estimate.Start : Estimate.Start with { Latest = Estimate.Start.Latest + ahead }),
        Current = Current with { Start = Current.Start + ahead },
        Last = Last with { Start = Last.Start + ahead },
        ClosedUntil = ClosedUntil + ahead,
    };
}
