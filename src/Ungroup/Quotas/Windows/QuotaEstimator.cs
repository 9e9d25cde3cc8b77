namespace Ungroup.Quotas.Windows;

/// <summary>How a quota is learned: pure functions of what was known, brought to this instant, and what is seen.</summary>
internal static class QuotaEstimator
{
    /// <summary>The start of a window is sought by one call after the other, so far apart.</summary>
    public static readonly TimeSpan SeekStep = TimeSpan.FromSeconds(2);

    /// <summary>Others wait so long for news of what is sought, and whoever is refused at a start while others look after it waits for them.</summary>
    public static readonly TimeSpan Doubt = TimeSpan.FromSeconds(10);

    // Where less of what was known has passed, that is a surprise; of what differs by less, as others do from window to window, the middle is taken.
    public const double Expected = 0.85;

    // Refused so soon after the start, and nothing passed: the start is doubted and not the quota.
    public static readonly TimeSpan Soon = TimeSpan.FromSeconds(6);

    // Hints of a second or less come from what fills bit by bit, or agree with what is known; no window is longer than the longest.
    private static readonly TimeSpan ShortestHint = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestHint = TimeSpan.FromSeconds(62);
    private static readonly TimeSpan HintAgrees = TimeSpan.FromSeconds(0.6);
    private static readonly TimeSpan HintIsEarly = TimeSpan.FromSeconds(0.15);
    private static readonly TimeSpan HintError = TimeSpan.FromSeconds(0.3);

    /// <summary>ECS has taken a call. The first one after a window was used up says by when the next one has started.</summary>
    public static QuotaView Passed(QuotaView view, DateTimeOffset sentAt)
    {
        var counted = view.Count(sentAt, static tally => tally with { Passed = tally.Passed + 1 });
        var (start, window) = (view.Start, view.Start.WindowOf(sentAt));
        var error = start.IsFound ? sentAt - window : sentAt - view.RefusedAt - WindowStart.Tick;
        var isFirst = view.Last.Hit && sentAt > view.RefusedAt && view.Current.IsOf(window);
        return isFirst && error < (start.IsFound ? start.Error : WindowStart.MostError) ? counted.WithStart(start.Found(sentAt, error, view.Share.Me), sentAt) : counted;
    }

    /// <summary>ECS has refused a call because the quota is used up, and says when to come back or does not.</summary>
    public static QuotaView Refused(QuotaView before, DateTimeOffset sentAt, TimeSpan? hint, DateTimeOffset now)
    {
        if (sentAt <= before.RefusedAt)
        {
            return before;
        }

        var view = before with { RefusedAt = sentAt };
        var (start, window) = (view.Start, view.Start.WindowOf(sentAt));
        var position = sentAt - window;
        if (hint <= ShortestHint && !IsAtEdge(view, sentAt))
        {
            // It is over soon, as ECS says, whatever it was; nobody was looking for the edge of this window.
            return view with { NotBefore = now + SeekStep };
        }

        if (hint > ShortestHint && hint <= LongestHint && IsBetter(start, now + hint.Value))
        {
            return Hit(view.WithStart(start.Found(now + hint.Value + HintIsEarly, HintError, view.Share.Me), now), now);
        }

        if (!start.IsFound)
        {
            // The one that should seek the start may be gone, which shows only after a while.
            var isLeftAlone = view.Current.Hit && sentAt - before.RefusedAt >= Doubt;
            return isLeftAlone || view.Share.IsProber(view.Estimate, view.Number) ? Seek(view, now) : Hit(view, sentAt);
        }

        if (position < start.Error)
        {
            // The window had not started yet when this call was sent.
            return view.WithStart(start.Found(start.Latest, start.Error - position - WindowStart.Tick, view.Share.Me), now);
        }

        if (view.Current is { Passed: 0, Hit: false } && view.Current.IsOf(window) && position - start.Error < Soon)
        {
            return view.Last.Hit && view.Share.IsProber(view.Estimate, view.Number - 1) ? Seek(view, now) : view with { NotBefore = sentAt + Doubt };
        }

        return Hit(view, sentAt);
    }

    /// <summary>A window has ended, and everybody has said what it took: all come to the same limit and version, without a leader.</summary>
    public static QuotaView Ended(QuotaView view, DateTimeOffset window, int taken, bool hit)
    {
        var (limit, told) = (view.Limit, view.Terms.Told);
        var next = hit switch
        {
            _ when WindowTally.AreSame(limit.Window, window) => limit,
            true when !view.Start.IsFound => limit,
            true when limit.IsExact && taken < Expected * limit.Calls => limit.Next(taken, LimitBasis.AtMost, window, told),
            true when limit.Basis == LimitBasis.Told => limit,
            true when limit.Basis == LimitBasis.Measured && limit.Calls >= Expected * taken =>
                limit.Next((limit.Calls + taken + 1) / 2, LimitBasis.Measured, window, told),
            true => limit.Next(taken, LimitBasis.Measured, window, told),
            false when taken > limit.Usable => limit.Next(taken, LimitBasis.AtLeast, window, told),
            false => limit,
        };
        return view with { Estimate = view.Estimate with { Limit = next } };
    }

    /// <summary>Takes over what others know: what one of them has used up of the same window, or ECS says is closed for longer, is closed for all.</summary>
    public static QuotaView Heard(QuotaView view, QuotaEstimate estimate, IEnumerable<QuotaReport> reports, DateTimeOffset now)
    {
        var merged = view.Estimate.Merge(estimate);
        var heard = (view with { Estimate = merged with { Limit = merged.Limit.Within(view.Terms.Told) } }).At(now);
        foreach (var said in reports)
        {
            var isHit = said.Current.Hit && said.Estimate.Start == heard.Start && said.Current.IsOf(heard.Current.Start);
            heard = isHit ? heard with { Current = heard.Current with { Hit = true } } : heard;
            heard = said.ClosedUntil > heard.NotBefore && said.ClosedUntil - now > LongestHint ? heard with { NotBefore = said.ClosedUntil.Value } : heard;
        }

        return heard;
    }

    /// <summary>Whether a refusal is how the quota is learned, and no event.</summary>
    public static bool IsLookedFor(QuotaView view, DateTimeOffset sentAt) =>
        view.Limit.Basis == LimitBasis.Unknown || QuotaOpening.StateOf(view, sentAt) == QuotaState.Seeking || IsAtEdge(view, sentAt);

    private static bool IsAtEdge(QuotaView view, DateTimeOffset sentAt)
    {
        var window = view.Start.WindowOf(sentAt);
        var schedule = view.ScheduleOf(window);
        return schedule.IsProbed && (sentAt - window).TotalSeconds >= schedule.LooksFrom;
    }

    /// <summary>Nobody knows when the next window starts: this instance calls again soon, alone, until a call passes.</summary>
    private static QuotaView Seek(QuotaView view, DateTimeOffset now) =>
        Hit(view.WithStart(view.Start.Sought(view.RefusedAt + SeekStep, view.Share.Me), now), now);

    private static QuotaView Hit(QuotaView view, DateTimeOffset at) => view.Count(at, static tally => tally with { Hit = true });

    private static bool IsBetter(WindowStart start, DateTimeOffset hinted) => !start.IsFound || start.Error > HintAgrees || !start.Agrees(hinted, HintAgrees);
}
