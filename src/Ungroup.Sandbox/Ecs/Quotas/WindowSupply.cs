namespace Ungroup.Sandbox.Ecs.Quotas;

/// <summary>So many calls in each window; what was not used is lost when the next begins.</summary>
internal sealed class WindowSupply : Supply
{
    private readonly long _length;
    private readonly long _offset;
    private long _end;
    private long _used;
    private int _calls;

    public WindowSupply(Quota quota, long start) : base(start)
    {
        (_calls, _length, _offset) = (quota.Calls, quota.PerSeconds * TimeSpan.TicksPerSecond, quota.Offset.Ticks);
        _end = EndOfWindowAt(start);
    }

    public override string Shape => "window";

    public override int Used => (int)Math.Min(_used, int.MaxValue);

    public override TimeSpan? UntilRefill => TimeSpan.FromTicks(_end - Now);

    // A window of no calls at all is followed by another.
    protected override Int128 TicksUntilOpen => _used < _calls ? 0 : _calls == 0 ? Never : _end - Now;

    public override void Take() => _used++;

    public override void Waste() => _used++;

    public override void Become(QuotaStep step) => _calls = step.Calls;

    protected override void Refill(long time)
    {
        if (time >= _end)
        {
            (_used, _end) = (0, EndOfWindowAt(time));
        }
    }

    private long EndOfWindowAt(long time)
    {
        var into = (time - DateTimeOffset.UnixEpoch.Ticks - _offset) % _length;
        return time - into + (into < 0 ? 0 : _length);
    }
}
