namespace Ungroup.Benchmarks.Pace.Quotas;

/// <summary>So many calls flow in each second, up to a brim; a call takes a whole one out. Full at the start.</summary>
internal sealed class BucketQuota(int rate, int burst, DateTimeOffset start) : Quota
{
    // A call is as many parts as a second has ticks, so that what flows in within a tick is a whole number of parts.
    private const long Call = TimeSpan.TicksPerSecond;

    private int _rate = rate;
    private long _level = burst * Call;
    private DateTimeOffset _asOf = start;

    protected override void Advance(DateTimeOffset now)
    {
        _level = Math.Min(burst * Call, _level + ((now - _asOf).Ticks * _rate));
        _asOf = now;
    }

    protected override bool Empty() => _level < Call;

    // The level is that of the last call or change, and so is the time it is counted from, whatever time is asked for.
    protected override DateTimeOffset OpensAt(DateTimeOffset now) => _asOf + TimeSpan.FromTicks((Call - _level + _rate - 1) / _rate);

    protected override void Spend() => _level -= Call;

    protected override void Become(int perSecond) => _rate = perSecond;
}
