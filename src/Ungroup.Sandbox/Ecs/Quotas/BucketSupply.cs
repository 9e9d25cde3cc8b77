namespace Ungroup.Sandbox.Ecs.Quotas;

/// <summary>A bucket that refills all the time, up to its burst. It counts in parts of a call so small that each tick adds whole ones.</summary>
internal sealed class BucketSupply : Supply
{
    private readonly Int128 _call;
    private Int128 _burst;
    private Int128 _left;
    private int _perTick;

    public BucketSupply(Quota quota, int burst, long start) : base(start)
    {
        (_perTick, _call) = (quota.Calls, quota.PerSeconds * TimeSpan.TicksPerSecond);
        _burst = _left = burst * _call;
    }

    public override string Shape => "bucket";

    public override int Used => (int)((_burst - _left + _call - 1) / _call);

    public override TimeSpan? UntilRefill => TicksUntilOpen == Never ? null : TimeSpan.FromTicks((long)TicksUntilOpen);

    protected override Int128 TicksUntilOpen =>
        _left >= _call ? 0
        : _perTick == 0 ? Never
        : (_call - _left + _perTick - 1) / _perTick;

    public override void Take() => _left -= _call;

    // There are no debts: who comes too often keeps it empty, and no longer than that.
    public override void Waste() => _left = 0;

    public override void Become(QuotaStep step) => (_perTick, _burst) = (step.Calls, step.Burst * _call ?? _burst);

    // Even when no time has passed: it may have become smaller.
    protected override void Refill(long time) => _left = Int128.Min(_burst, _left + ((Int128)(time - Now) * _perTick));
}
