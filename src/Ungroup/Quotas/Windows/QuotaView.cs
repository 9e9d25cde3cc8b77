namespace Ungroup.Quotas.Windows;

/// <summary>One instance's view of a quota, and its calls in this window and in the last one.</summary>
internal sealed record QuotaView(QuotaTerms Terms, FleetShare Share, DateTimeOffset Since, QuotaEstimate Estimate, WindowTally Current, WindowTally Last)
{
    // A window that an instance first sees later than this may hold calls of its own that it does not know of.
    private static readonly TimeSpan SeenInTime = TimeSpan.FromSeconds(3);

    /// <summary>When the last refused call that counted was sent. A call that was sent before it says nothing new.</summary>
    public DateTimeOffset RefusedAt { get; init; }

    /// <summary>No call before: as ECS has said, or because the start of the window is in doubt.</summary>
    public DateTimeOffset NotBefore { get; init; }

    public DateTimeOffset LastSent { get; init; }

    public WindowStart Start => Estimate.Start;
    public QuotaLimit Limit => Estimate.Limit;
    public long Number => Start.NumberOf(Current.Start);
    public WindowSchedule Schedule => ScheduleOf(Current.Start);

    public static QuotaView New(QuotaTerms terms, FleetShare share, QuotaEstimate estimate, DateTimeOffset now)
    {
        var start = estimate.Start.WindowOf(now);
        return new(terms, share, now, estimate, WindowTally.Of(start, now - start <= SeenInTime), WindowTally.Of(start - WindowStart.Length, isWhole: false));
    }

    /// <summary>Brought to this instant: the tally of a window that has ended becomes the last one.</summary>
    public QuotaView At(DateTimeOffset now)
    {
        var start = Start.WindowOf(now);
        var windows = Math.Round((start - Current.Start) / WindowStart.Length);
        if (windows < 0 || !WindowTally.AreSame(Current.Start + (windows * WindowStart.Length), start))
        {
            return Moved(start);
        }

        return windows switch
        {
            0 => Current.Start == start ? this : this with { Current = Current with { Start = start } },
            1 => this with { Last = Current, Current = Fresh(start, isWhole: true) },
            _ => this with { Last = WindowTally.Of(start - WindowStart.Length, isWhole: true), Current = Fresh(start, isWhole: true) },
        };
    }

    public QuotaView WithStart(WindowStart start, DateTimeOffset now) => (this with { Estimate = Estimate with { Start = start } }).At(now);

    /// <summary>Changes the tally of the window in which a call was sent; of one long ago nothing is changed.</summary>
    public QuotaView Count(DateTimeOffset sentAt, Func<WindowTally, WindowTally> change)
    {
        var window = Start.WindowOf(sentAt);
        return Current.IsOf(window) ? this with { Current = change(Current) }
            : Last.IsOf(window) ? this with { Last = change(Last) } : this;
    }

    public QuotaView Issue(int permits) => this with { Current = Current with { Issued = Current.Issued + permits } };

    /// <summary>The schedule is taken for used up to here, whatever was issued.</summary>
    public QuotaView WithSpent(int spent) => this with { Current = Current with { Waived = spent - Current.Issued } };

    /// <summary>No arrears: what is learned in the middle of a window lets no calls go in a burst.</summary>
    public QuotaView WithoutArrears(QuotaView before, DateTimeOffset now)
    {
        var due = Current.IsOf(before.Current.Start) ? before.AllowanceAt(now) : 0;
        return Estimate == before.Estimate ? this : WithSpent(Current.Spent + Math.Max(0, AllowanceAt(now) - due));
    }

    /// <summary>Of what is left of this window each has its new part. What was due before and was not called stays due.</summary>
    public QuotaView Shared(FleetShare share, DateTimeOffset now)
    {
        var after = this with { Share = share };
        return after.WithSpent(Current.Spent + after.AllowanceAt(now) - AllowanceAt(now));
    }

    public int AllowanceAt(DateTimeOffset at) => Schedule.AllowanceAt((at - Current.Start).TotalSeconds);

    public DateTimeOffset NextPermitAt(DateTimeOffset now) =>
        Schedule.FirstAllowed((now - Current.Start).TotalSeconds, Current.Spent) is { } here ? Current.Start.AddSeconds(here)
        : ScheduleOf(Current.End).FirstAllowed(0, 0) is { } there ? Current.End.AddSeconds(there)
        : Current.End + WindowStart.Length;

    public int PermitsWithin(DateTimeOffset opens, DateTimeOffset until)
    {
        var here = opens >= Current.End ? 0 : AllowanceAt(until < Current.End ? until : Current.End) - Current.Spent;
        var there = until <= Current.End ? 0 : ScheduleOf(Current.End).AllowanceAt((until - Current.End).TotalSeconds);
        return Math.Max(0, here) + there;
    }

    public WindowSchedule ScheduleOf(DateTimeOffset window) => new(Estimate, Share, Terms, Start.NumberOf(window));

    /// <summary>The counts are of two windows, and measure neither.</summary>
    private QuotaView Moved(DateTimeOffset start) => this with
    {
        Last = (start > Current.Start ? Current : Last) with { IsWhole = false },
        Current = Fresh(start, Since - start <= SeenInTime && LastSent < start),
    };

    /// <summary>A refusal after the start is one of this window, by however little the start has moved.</summary>
    private WindowTally Fresh(DateTimeOffset start, bool isWhole) =>
        RefusedAt < start + Start.Error ? WindowTally.Of(start, isWhole) : WindowTally.Of(start, isWhole: false) with { Hit = true };
}
