namespace Ungroup.Benchmarks.Pace.Quotas;

/// <summary>So many calls in each minute of the clock.</summary>
internal sealed class WindowQuota(int limit) : Quota
{
    private int _limit = limit;
    private long _minute;
    private int _used;

    /// <summary>The beginning of the minute that a time is in.</summary>
    public static DateTimeOffset StartOf(DateTimeOffset time) => new(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerMinute), TimeSpan.Zero);

    protected override void Advance(DateTimeOffset now)
    {
        var minute = now.UtcTicks / TimeSpan.TicksPerMinute;
        if (minute != _minute)
        {
            (_minute, _used) = (minute, 0);
        }
    }

    protected override bool Empty() => _used >= _limit;

    protected override DateTimeOffset OpensAt(DateTimeOffset now) => StartOf(now) + QuotaPlan.Window;

    protected override void Spend() => _used++;

    protected override void Become(int perSecond) => _limit = perSecond * 60;
}
