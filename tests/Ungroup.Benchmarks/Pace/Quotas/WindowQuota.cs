namespace Ungroup.Benchmarks.Pace.Quotas;

/// <summary>So many calls in each minute, of the clock or so much later.</summary>
internal sealed class WindowQuota(int limit, TimeSpan turnsLate = default) : Quota
{
    private int _limit = limit;
    private long _minute;
    private int _used;

    /// <summary>The beginning of the minute of the clock that a time is in.</summary>
    public static DateTimeOffset StartOf(DateTimeOffset time) => StartOf(time, TimeSpan.Zero);

    /// <summary>The same of minutes that turn later than the clock's.</summary>
    public static DateTimeOffset StartOf(DateTimeOffset time, TimeSpan turnsLate) =>
        new(time.UtcTicks - ((time - turnsLate).UtcTicks % TimeSpan.TicksPerMinute), TimeSpan.Zero);

    protected override void Advance(DateTimeOffset now)
    {
        var minute = (now - turnsLate).UtcTicks / TimeSpan.TicksPerMinute;
        if (minute != _minute)
        {
            (_minute, _used) = (minute, 0);
        }
    }

    protected override bool Empty() => _used >= _limit;

    protected override DateTimeOffset OpensAt(DateTimeOffset now) => StartOf(now, turnsLate) + QuotaPlan.Window;

    protected override void Spend() => _used++;

    protected override void Become(int perSecond) => _limit = perSecond * 60;
}
