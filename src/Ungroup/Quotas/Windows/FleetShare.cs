namespace Ungroup.Quotas.Windows;

/// <summary>The instances that share a quota now, in the same order for all of them, and which of them this one is.</summary>
internal sealed record FleetShare(string Me, IReadOnlyList<string> Members)
{
    public int Count => Members.Count;

    public int Rank { get; } = Members.TakeWhile(member => member != Me).Count();

    public static FleetShare Alone(string me) => new(me, [me]);

    /// <summary>Those who have work, this instance included.</summary>
    public static FleetShare Of(string me, IEnumerable<string> others) =>
        new(me, [.. others.Append(me).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)]);

    /// <summary>
    /// One instance a window looks for its edge: another one each time it is looked for, so that what it calls beyond its share evens out. While
    /// nobody knows when windows start it is the one that seeks that.
    /// </summary>
    public bool IsHolder(QuotaEstimate estimate, long window)
    {
        if (!estimate.Start.IsSure)
        {
            return Me == (Members.Contains(estimate.Start.FoundBy, StringComparer.Ordinal) ? estimate.Start.FoundBy : Members[0]);
        }

        return Rank == (int)((estimate.Limit.IsSought ? window : window / 2) % Count);
    }
}
