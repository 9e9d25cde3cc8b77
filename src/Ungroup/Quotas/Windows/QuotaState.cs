namespace Ungroup.Quotas.Windows;

internal enum QuotaState
{
    /// <summary>How many calls a window takes is not known: few are made until its last seconds, in which the end is probed.</summary>
    Unknown,
    /// <summary>More may pass than has: as before, from a larger number on.</summary>
    Ramping,
    /// <summary>The limit is known, and the reserve is left alone.</summary>
    Known,
    /// <summary>The limit is known, and is probed anew in the last seconds of this window.</summary>
    Probing,
    /// <summary>A call was refused: nothing is called before the next window.</summary>
    Closed,
    /// <summary>Nobody knows when the next window starts: one instance calls again and again, alone, and the others wait for its news.</summary>
    Seeking,
}

/// <summary>When an instance may call next, whatever its part. Nothing is stored as closed, so that news of another start opens at once.</summary>
internal static class QuotaOpening
{
    // An interval that is shorter is not worth a refusal.
    private static readonly TimeSpan WellKnown = TimeSpan.FromSeconds(0.5);

    // By how much later each of the others takes over from one that seeks no more.
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(0.5);

    public static QuotaState StateOf(QuotaView view, DateTimeOffset now) =>
        view.Start.Basis == StartBasis.Sought && view.Current.Passed == 0 ? QuotaState.Seeking
        : view.Current.Hit ? QuotaState.Closed
        : view.Limit.Basis == LimitBasis.AtLeast ? QuotaState.Ramping
        : !view.Limit.IsExact ? QuotaState.Unknown
        : view.Schedule.IsProbed && (now - view.Current.Start).TotalSeconds >= WindowSchedule.ReserveFrom ? QuotaState.Probing
        : QuotaState.Known;

    /// <returns>From when on a call may be made, and whether it has to be the only one under way.</returns>
    public static (DateTimeOffset At, bool Alone) NextCall(QuotaView view, DateTimeOffset now)
    {
        var (window, state) = (view.Current, StateOf(view, now));
        var (at, alone) = state switch
        {
            QuotaState.Seeking when view.Start.By == view.Share.Me => (window.Hit ? window.End : window.Start, true),
            QuotaState.Seeking when IsAwaited(view, now) => (TurnAfter(view, view.Start.Latest), true),
            QuotaState.Closed when IsLeftAlone(view) => (TurnAfter(view, view.RefusedAt), true),
            _ when window.Hit || now >= window.Start.AddSeconds(WindowSchedule.End) => FirstOf(window.End, view, window),
            _ => FirstOf(window.Start, view, view.Last),
        };

        // The one that sought may be gone: another that no longer waits for its news knows no better, and finds out by one call as well.
        return (at > view.NotBefore ? at : view.NotBefore, alone || state == QuotaState.Seeking);
    }

    /// <summary>After the latest start; but after one that was used up its prober calls once in the middle of what is not known, which halves it.</summary>
    private static (DateTimeOffset At, bool Alone) FirstOf(DateTimeOffset window, QuotaView view, WindowTally before)
    {
        var middle = window + (view.Start.Error / 2);
        var halves = view.Start.Error > WellKnown
            && before.Hit && view.RefusedAt >= before.Start
            && view.LastSent < middle
            && view.Share.IsProber(view.Estimate, view.Start.NumberOf(before.Start));
        return halves ? (middle, true) : (window + view.Start.Error + WindowStart.Guard, false);
    }

    /// <summary>News of the start are waited for, but not for ever, and not where another clock says that they are far away.</summary>
    private static bool IsAwaited(QuotaView view, DateTimeOffset now) => now < TurnAfter(view, view.Start.Latest) && view.Start.Latest - now <= QuotaEstimator.Doubt;

    /// <summary>It was refused, and whoever should have sought the start since has said nothing.</summary>
    private static bool IsLeftAlone(QuotaView view) => !view.Start.IsFound && view.RefusedAt >= view.Current.Start && TurnAfter(view, view.RefusedAt) < view.Current.End;

    private static DateTimeOffset TurnAfter(QuotaView view, DateTimeOffset instant) => instant + QuotaEstimator.Doubt + (view.Share.Place * Turn);
}
