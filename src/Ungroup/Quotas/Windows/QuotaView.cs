namespace Ungroup.Quotas.Windows;

/// <summary>What one instance knows of a quota, and what it has done lately.</summary>
/// <param name="Since">When it began to count.</param>
/// <param name="Estimate">What is known.</param>
/// <param name="Current">This window.</param>
/// <param name="Last">The one before.</param>
/// <param name="RefusedAt">When the last refused call that counted was sent. What was sent before says nothing new.</param>
/// <param name="NotBefore">No call before: as ECS has said, or because the start of the window is in doubt.</param>
/// <param name="LastSent">When the last permit was given out.</param>
internal sealed record QuotaView(
    DateTimeOffset Since,
    QuotaEstimate Estimate,
    WindowTally Current,
    WindowTally Last,
    DateTimeOffset RefusedAt,
    DateTimeOffset NotBefore,
    DateTimeOffset LastSent)
{
    // A window that an instance first sees later than this may hold calls of its own that it does not know of.
    private static readonly TimeSpan SeenInTime = TimeSpan.FromSeconds(3);

    public WindowStart Start => Estimate.Start;

    public QuotaLimit Limit => Estimate.Limit;

    /// <summary>Calls that ECS has taken since this window started, or surely started.</summary>
    public int PassedLately => Current.Passed + (Start.IsSure ? 0 : Last.Passed);

    public long Number => Start.NumberOf(Current.Start);

    /// <summary>In every second window the edge is looked for: each look costs a refusal and a second in which the quota is closed.</summary>
    public static bool IsProbed(QuotaLimit limit, long window) => limit.IsSought || (limit.Basis == LimitBasis.Measured && window % 2 == 0);

    public static QuotaView New(QuotaEstimate estimate, DateTimeOffset now)
    {
        var start = estimate.Start.WindowOf(now);
        return new(
            now,
            estimate,
            WindowTally.Of(start, now - start <= SeenInTime),
            WindowTally.Of(start - WindowStart.Length, isWhole: false),
            default,
            default,
            default);
    }

    /// <summary>Brought to this instant: the tally of a window that has ended becomes the last one.</summary>
    public QuotaView At(DateTimeOffset now)
    {
        var start = Start.WindowOf(now);
        if (Current.IsOf(start))
        {
            return Current.Start == start ? this : this with { Current = Current with { Start = start } };
        }

        var windows = Math.Round((start - Current.Start) / WindowStart.Length);
        if (windows >= 1 && WindowTally.AreSame(Current.Start + (windows * WindowStart.Length), start))
        {
            var isNext = windows < 2;
            return this with { Last = isNext ? Current : WindowTally.Of(start - WindowStart.Length, isWhole: true), Current = WindowTally.Of(start, isWhole: true) };
        }

        return Moved(start);
    }

    public QuotaView WithStart(WindowStart start, DateTimeOffset now) => (this with { Estimate = Estimate with { Start = start } }).At(now);

    /// <summary>So many permits of this window are given out, or are not to be.</summary>
    public QuotaView Issuing(int permits) => this with { Current = Current with { Issued = permits } };

    /// <summary>Changes the tally of the window in which a call was sent; of one long ago nothing is changed.</summary>
    public QuotaView Count(DateTimeOffset sentAt, Func<WindowTally, WindowTally> change)
    {
        var window = Start.WindowOf(sentAt);
        return Current.IsOf(window) ? this with { Current = change(Current) }
            : Last.IsOf(window) ? this with { Last = change(Last) }
            : this;
    }

    /// <summary>
    /// The start turned out to be elsewhere: what was counted is of two windows, and measures neither. A refusal after the new start is one of this window.
    /// </summary>
    private QuotaView Moved(DateTimeOffset start) => this with
    {
        Last = (start > Current.Start ? Current : Last) with { IsWhole = false },
        Current = WindowTally.Of(start, Since - start <= SeenInTime && LastSent < start) with { Hit = RefusedAt >= start + Start.Uncertain },
    };
}
