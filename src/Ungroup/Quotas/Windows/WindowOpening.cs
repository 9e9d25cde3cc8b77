using Ungroup.Time;

namespace Ungroup.Quotas.Windows;

/// <summary>What a quota is to an instance just now.</summary>
internal enum QuotaState
{
    /// <summary>How many calls a window takes is not known: few are made until its last seconds, in which the edge is looked for.</summary>
    Unknown,

    /// <summary>More may pass than has: as before, from a larger number on.</summary>
    Ramping,

    /// <summary>The limit is known, and the reserve is left alone.</summary>
    Known,

    /// <summary>The limit is known, and is looked at anew in the last seconds of this window.</summary>
    Probing,

    /// <summary>A call was refused: nothing is called before the next window.</summary>
    Closed,

    /// <summary>Nobody knows when the next window starts: one instance calls again and again, alone, and the others wait for its news.</summary>
    Seeking,
}

/// <summary>
/// When an instance may call next, whatever its share. A pure function. Nothing is stored as closed: it follows from the windows as they are
/// known now, so that news of another start opens what was closed by an older one.
/// </summary>
internal static class WindowOpening
{
    // An interval that is shorter is not worth a refusal.
    private static readonly TimeSpan WellKnown = TimeSpan.FromSeconds(0.5);

    // By how much the others come later, one after the other, to take over from one that seeks no more.
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(0.5);

    public static QuotaState StateOf(QuotaView view, DateTimeOffset now) =>
        !view.Start.IsSure && view.Start.FoundBy.Length > 0 && view.Current.Passed == 0 ? QuotaState.Seeking
        : view.Current.Hit ? QuotaState.Closed
        : view.Limit.Basis == LimitBasis.AtLeast ? QuotaState.Ramping
        : view.Limit.IsSought ? QuotaState.Unknown
        : QuotaView.IsProbed(view.Limit, view.Number) && (now - view.Current.Start).TotalSeconds >= WindowSchedule.ReserveFrom ? QuotaState.Probing
        : QuotaState.Known;

    /// <returns>From when on a call may be made, and whether it has to be the only one under way.</returns>
    public static (DateTimeOffset At, bool Alone) Of(QuotaView view, FleetShare share, DateTimeOffset now)
    {
        if (view is { Current.Hit: true, Start.IsSure: false } && StateOf(view, now) == QuotaState.Closed && view.RefusedAt >= view.Current.Start)
        {
            var takesOver = SeeksFrom(view, share);
            return takesOver < view.Current.End ? (DateTimeOffset.Later(takesOver, view.NotBefore), true) : (DateTimeOffset.Later(view.Current.End, view.NotBefore), false);
        }

        var (at, alone) = StateOf(view, now) switch
        {
            QuotaState.Seeking when view.Start.FoundBy == share.Me => (view.Current.Hit ? view.Current.End : view.Current.Start, true),
            QuotaState.Seeking when IsAwaited(view, share, now) => (AwaitedUntil(view, share), false),
            _ when view.Current.Hit => (Opening(view, share, view.Current, view.Current.End, view.Number + 1).At, false),
            _ when now >= view.Current.Start + TimeSpan.FromSeconds(WindowSchedule.End) && !IsLight(view, share, view.Current) =>
                (Opening(view, share, view.Current, view.Current.End, view.Number + 1).At, false),
            _ => Opening(view, share, view.Last, view.Current.Start, view.Number),
        };

        // The call that was made alone has been answered when all may call, which is a guard after the start that it was to find.
        return (at > view.NotBefore ? at : view.NotBefore, alone && now < at + WindowStart.Guard + view.Start.Uncertain);
    }

    /// <summary>
    /// The first call of a window comes after its latest start. After a window that was used up the one that was looking for its edge calls once
    /// before, in the middle of what is not known: that says in which half it starts.
    /// </summary>
    private static (DateTimeOffset At, bool Alone) Opening(QuotaView view, FleetShare share, WindowTally before, DateTimeOffset start, long number)
    {
        var middle = start + (view.Start.Uncertain / 2);
        var halves = view.Start.Uncertain > WellKnown
            && before.Hit
            && view.RefusedAt >= before.Start
            && view.LastSent < middle
            && share.IsHolder(view.Estimate, number - 1);
        return halves ? (middle, true) : (IsLight(view, share, before) ? start : start + view.Start.Uncertain + WindowStart.Guard, false);
    }

    /// <summary>Of a window that was hardly used there is room whichever a call is counted in.</summary>
    private static bool IsLight(QuotaView view, FleetShare share, WindowTally before) =>
        before is { Hit: false, IsWhole: true } && (long)before.Issued * share.Count < view.Limit.Usable / 2;

    /// <summary>Nobody knows when windows start, and whoever should have sought that has said nothing.</summary>
    private static DateTimeOffset SeeksFrom(QuotaView view, FleetShare share) => view.RefusedAt + QuotaEstimator.Doubt + (share.Rank * Turn);

    private static bool IsAwaited(QuotaView view, FleetShare share, DateTimeOffset now) =>
        now < AwaitedUntil(view, share) && view.Start.Latest - now <= QuotaEstimator.Doubt;

    private static DateTimeOffset AwaitedUntil(QuotaView view, FleetShare share) => view.Start.Latest + QuotaEstimator.Doubt + (share.Rank * Turn);
}
