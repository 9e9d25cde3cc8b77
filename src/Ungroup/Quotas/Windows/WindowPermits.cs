namespace Ungroup.Quotas.Windows;

/// <summary>The schedule applied to what one instance knows and has done: when its next permit is due, and how many are within a while. Without state of its own.</summary>
/// <param name="reserve">The share of the quota that is left to others.</param>
/// <param name="most">What an operator has told; null where nothing.</param>
internal sealed class WindowPermits(double reserve, int? most)
{
    /// <summary>How many permits this instance may have given out in this window by now.</summary>
    public int AllowanceAt(QuotaView view, FleetShare share, DateTimeOffset now) =>
        Allowance(view, share, view.Current.Start, now);

    /// <summary>When the next permit is due, in this window or in the next ones.</summary>
    public DateTimeOffset NextAt(QuotaView view, FleetShare share, DateTimeOffset now) =>
        FirstAllowed(view, share, view.Current.Start, (now - view.Current.Start).TotalSeconds, view.Current.Issued)
        ?? FirstAllowed(view, share, view.Current.End, 0, 0)
        ?? view.Current.End + WindowStart.Length;

    /// <summary>How many permits are due within a while, if nothing else is learned. Of a slow quota there is one shortly before it is due, and not sooner.</summary>
    public int CountWithin(QuotaView view, FleetShare share, TimeSpan hold, DateTimeOffset now)
    {
        var ((opens, alone), until, current) = (WindowOpening.Of(view, share, now), now + hold, view.Current);
        if (opens >= until || alone)
        {
            return opens >= until ? 0 : 1;
        }

        var rest = opens >= current.End ? 0 : Allowance(view, share, current.Start, until < current.End ? until : current.End) - current.Issued;
        return Math.Max(0, rest) + (until <= current.End ? 0 : Allowance(view, share, current.End, until));
    }

    /// <summary>
    /// No arrears: what is learned in the middle of a window does not let calls go in a burst, and of what is left of it each has its share.
    /// </summary>
    public QuotaView WithoutArrears((QuotaView View, FleetShare Share) before, (QuotaView View, FleetShare Share) after, DateTimeOffset now)
    {
        if (after.View.Estimate == before.View.Estimate && after.Share == before.Share)
        {
            return after.View;
        }

        var due = after.View.Current.IsOf(before.View.Current.Start) ? AllowanceAt(before.View, before.Share, now) : 0;
        var learned = AllowanceAt(after.View, before.Share, now);
        return after.View.Issuing(after.View.Current.Issued + Math.Max(0, learned - due) + AllowanceAt(after.View, after.Share, now) - learned);
    }

    /// <summary>Whether a refusal is how the quota is learned, and no event.</summary>
    public static bool IsLookedFor(QuotaView view, DateTimeOffset sentAt) =>
        view.Limit.Basis == LimitBasis.Unknown || WindowOpening.StateOf(view, sentAt) == QuotaState.Seeking || IsAtEdge(view, sentAt);

    /// <summary>Whether the edge of the window is looked for at an instant.</summary>
    public static bool IsAtEdge(QuotaView view, DateTimeOffset sentAt)
    {
        var window = view.Start.WindowOf(sentAt);
        return QuotaView.IsProbed(view.Limit, view.Start.NumberOf(window)) && (sentAt - window).TotalSeconds >= WindowSchedule.LooksFrom(view.Limit);
    }

    private int Allowance(QuotaView view, FleetShare share, DateTimeOffset window, DateTimeOffset at)
    {
        var plan = PlanOf(view, window);
        return WindowSchedule.AllowanceAt(view.Limit, share, plan, share.IsHolder(view.Estimate, plan.Number), (at - window).TotalSeconds);
    }

    private DateTimeOffset? FirstAllowed(QuotaView view, FleetShare share, DateTimeOffset window, double position, int issued)
    {
        var plan = PlanOf(view, window);
        var allowed = WindowSchedule.FirstAllowed(view.Limit, share, plan, share.IsHolder(view.Estimate, plan.Number), position, issued);
        return allowed is { } seconds ? window + TimeSpan.FromSeconds(seconds) : null;
    }

    private WindowPlan PlanOf(QuotaView view, DateTimeOffset window)
    {
        var number = view.Start.NumberOf(window);
        return new(number, QuotaView.IsProbed(view.Limit, number), (view.Start.Uncertain + WindowStart.Guard).TotalSeconds, reserve, most ?? int.MaxValue);
    }
}
