namespace Ungroup.Quotas.Windows;

/// <summary>
/// How a quota is learned. A pure function: what was known and what is seen make what is known next. A call that was sent before the last
/// refusal teaches nothing, and a window in which the quota or its start changed measures nothing.
/// </summary>
internal static class QuotaEstimator
{
    /// <summary>The start of a window is sought by one call after the other, so far apart.</summary>
    public static readonly TimeSpan SeekStep = TimeSpan.FromSeconds(2);

    /// <summary>Others wait so long for news of what is sought, and whoever is refused at a start while others look after it waits for them.</summary>
    public static readonly TimeSpan Doubt = TimeSpan.FromSeconds(10);

    // A window counts for a surprise where less than this of what was known has passed; others differ by less from window to window, and of what
    // differs by less the middle is taken.
    public const double Expected = 0.85;

    // Refused so soon after the start, and nothing passed: the start is doubted and not the quota.
    public static readonly TimeSpan Soon = TimeSpan.FromSeconds(6);

    // Hints of a second or less come from what fills bit by bit, or agree with what is known; no window is longer than the longest.
    private static readonly TimeSpan ShortestHint = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestHint = TimeSpan.FromSeconds(62);
    private static readonly TimeSpan HintAgrees = TimeSpan.FromSeconds(0.6);
    private static readonly TimeSpan HintIsEarly = TimeSpan.FromSeconds(0.15);
    private static readonly TimeSpan HintError = TimeSpan.FromSeconds(0.3);

    /// <param name="view">What was known and done, brought to this instant.</param>
    /// <param name="share">Who shares the quota.</param>
    /// <param name="seen">What is seen.</param>
    /// <param name="told">What the operator has said of the quota; null where nothing.</param>
    public static QuotaView Apply(QuotaView view, FleetShare share, Observation seen, int? told) => seen switch
    {
        Observation.Passed passed => Passed(view, share, passed.SentAt),
        Observation.Refused refused => refused.SentAt <= view.RefusedAt ? view : Refused(view, share, refused),
        Observation.Ended ended => view with { Estimate = view.Estimate with { Limit = Ended(view, ended, told) } },
        Observation.Heard heard => Heard(view, heard, told),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>
    /// Another instance was refused: where it counts the same window, that is used up for all; and so is what ECS says is closed for longer than a window.
    /// </summary>
    public static QuotaView Closed(QuotaView view, QuotaReport said, DateTimeOffset now) => view with
    {
        Current = view.Current with { Hit = view.Current.Hit || (said.Current.Hit && said.Estimate.Start == view.Start && said.Current.IsOf(view.Current.Start)) },
        NotBefore = said.ClosedUntil is { } until && until - now > LongestHint && until > view.NotBefore ? until : view.NotBefore,
    };

    /// <summary>The first call that passes after a window was used up says by when the next one has started.</summary>
    private static QuotaView Passed(QuotaView view, FleetShare share, DateTimeOffset sentAt)
    {
        var counted = view.Count(sentAt, static tally => tally with { Passed = tally.Passed + 1 });
        var window = view.Start.WindowOf(sentAt);
        if (!view.Last.Hit || sentAt <= view.RefusedAt || !view.Current.IsOf(window))
        {
            return counted;
        }

        var (start, sinceRefusal, position) = (view.Start, sentAt - view.RefusedAt, sentAt - window);
        return start.IsSure
            ? position < start.Error ? counted.WithStart(start.Next(sentAt, position, share.Me), sentAt) : counted
            : sinceRefusal <= WindowStart.Sure ? counted.WithStart(start.Next(sentAt, sinceRefusal - WindowStart.Tick, share.Me), sentAt) : counted;
    }

    private static QuotaView Refused(QuotaView before, FleetShare share, Observation.Refused refused)
    {
        var (start, sentAt) = (before.Start, refused.SentAt);
        var view = before with { RefusedAt = sentAt };
        var position = sentAt - start.WindowOf(sentAt);
        if (refused.Hint <= ShortestHint && !WindowPermits.IsAtEdge(view, sentAt))
        {
            // It is over soon, as ECS says, whatever it was; nobody was looking for the edge of this window.
            return view with { NotBefore = refused.Now + SeekStep };
        }

        if (refused.Hint is { } hint && hint > ShortestHint && hint <= LongestHint && IsBetter(start, refused.Now + hint))
        {
            return Hit(view.WithStart(start.Next(refused.Now + hint + HintIsEarly, HintError, share.Me), refused.Now), refused.Now);
        }

        if (start.IsSure && position < start.Error)
        {
            // The window had not started yet when this call was sent.
            return view.WithStart(start.Next(start.Latest, start.Error - position - WindowStart.Tick, share.Me), refused.Now);
        }

        // Whoever should seek the start may be gone, which shows only after a while.
        var isLeftAlone = view.Current.Hit && sentAt - before.RefusedAt >= Doubt;
        if (!start.IsSure && (isLeftAlone || share.IsHolder(view.Estimate, view.Number)))
        {
            return Seek(view, share, refused);
        }

        if (start.IsSure && view.Current is { Passed: 0, Hit: false } && view.Current.IsOf(start.WindowOf(sentAt)) && position - start.Error < Soon)
        {
            return view.Last.Hit && share.IsHolder(view.Estimate, view.Number - 1) ? Seek(view, share, refused) : view with { NotBefore = sentAt + Doubt };
        }

        return Hit(view, sentAt);
    }

    /// <summary>Nobody knows when the next window starts: this instance calls again soon, alone, until a call passes.</summary>
    private static QuotaView Seek(QuotaView view, FleetShare share, Observation.Refused refused) =>
        Hit(view.WithStart(view.Start.Next(refused.SentAt + SeekStep, WindowStart.Length, share.Me), refused.Now), refused.Now);

    private static QuotaView Hit(QuotaView view, DateTimeOffset at) => view.Count(at, static tally => tally with { Hit = true });

    private static bool IsBetter(WindowStart start, DateTimeOffset hinted) => !start.IsSure || start.Error > HintAgrees || start.Off(hinted) > HintAgrees;

    /// <summary>Everybody who has read what a window took comes to the same limit and the same version; there is no leader.</summary>
    private static QuotaLimit Ended(QuotaView view, Observation.Ended ended, int? told)
    {
        var limit = view.Limit;
        if (WindowTally.AreSame(limit.Window, ended.Window))
        {
            return limit;
        }

        var hitBelow = ended.Taken < Expected * limit.Calls;
        return ended switch
        {
            { Hit: true } when !view.Start.IsSure => limit,
            { Hit: true } when !limit.IsSought && hitBelow => limit.Next(ended.Taken, LimitBasis.AtMost, ended.Window, told),
            { Hit: true } when limit.Basis == LimitBasis.Told => limit,
            { Hit: true } when limit.Basis == LimitBasis.Measured && limit.Calls >= Expected * ended.Taken =>
                limit.Next((limit.Calls + ended.Taken + 1) / 2, LimitBasis.Measured, ended.Window, told),
            { Hit: true } => limit.Next(ended.Taken, LimitBasis.Measured, ended.Window, told),
            _ when ended.Taken > limit.Usable => limit.Next(ended.Taken, LimitBasis.AtLeast, ended.Window, told),
            _ => limit,
        };
    }

    private static QuotaView Heard(QuotaView view, Observation.Heard heard, int? told)
    {
        var merged = view.Estimate.Merge(heard.Estimate);
        return (view with { Estimate = merged with { Limit = Within(merged.Limit, told) } }).At(heard.Now);
    }

    /// <summary>Instances may have been told differently, or one of them nothing.</summary>
    private static QuotaLimit Within(QuotaLimit limit, int? told) => limit.Calls > told ? limit with { Calls = told.Value, Basis = LimitBasis.Told } : limit;
}
