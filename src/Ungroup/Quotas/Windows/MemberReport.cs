namespace Ungroup.Quotas.Windows;

/// <summary>What another instance has said of a quota. Instants are ours.</summary>
/// <param name="Id">Which instance.</param>
/// <param name="Wants">Whether it is alive and has work for this quota.</param>
/// <param name="Said">What it has said; null where it uses the quota and has not said how.</param>
/// <param name="WrittenAt">When it said so.</param>
/// <param name="IsFinal">It is gone, and has said so: there is nothing to come.</param>
internal sealed record MemberReport(string Id, bool Wants, QuotaReport? Said, DateTimeOffset WrittenAt, bool IsFinal)
{
    /// <summary>What of a window it has used, once that is sure; null where it is not.</summary>
    public WindowTally? TallyOf(DateTimeOffset window) => Said switch
    {
        null => null,
        { Last: var last } when last.IsOf(window) => last,
        { Current: var current } when IsFinal && current.IsOf(window) => current,
        { Since: var since } when since >= window + WindowStart.Length || (IsFinal && WrittenAt < window) => WindowTally.Of(window, isWhole: true),
        _ => null,
    };
}
