namespace Ungroup.Sandbox.Ecs.Quotas;

/// <summary>
/// The rest of a quota, as time goes on and calls take from it. Times are ticks of UTC that never go back, and all
/// arithmetic is in whole numbers: nothing drifts.
/// </summary>
internal abstract class Supply(long now)
{
    protected static readonly Int128 Never = Int128.MaxValue;

    public abstract string Shape { get; }

    /// <summary>How much of the quota is taken.</summary>
    public abstract int Used { get; }

    public bool IsOpen => TicksUntilOpen == 0;

    /// <summary>For how long whoever called was refused.</summary>
    public TimeSpan Closed { get; private set; }

    /// <summary>How long until time gives something back that is worth coming for; null when it never does.</summary>
    public abstract TimeSpan? UntilRefill { get; }

    protected long Now { get; private set; } = now;

    /// <summary>0 when it is open.</summary>
    protected abstract Int128 TicksUntilOpen { get; }

    public static Supply Of(Quota quota, long start) => quota.Burst is { } burst
        ? new BucketSupply(quota, burst, start)
        : new WindowSupply(quota, start);

    public void MoveTo(long time)
    {
        Closed += TimeSpan.FromTicks((long)Int128.Min(TicksUntilOpen, time - Now));
        Refill(time);
        Now = time;
    }

    public abstract void Take();

    /// <summary>A refused call that counts.</summary>
    public abstract void Waste();

    public abstract void Become(QuotaStep step);

    /// <summary>Calls that time gives back between <see cref="Now"/> and then.</summary>
    protected abstract void Refill(long time);
}
