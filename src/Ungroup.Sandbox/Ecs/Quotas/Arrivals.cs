namespace Ungroup.Sandbox.Ecs.Quotas;

/// <summary>When others call: each independently of all before (a Poisson process), on average their share of the quota.</summary>
internal sealed class Arrivals
{
    private readonly Func<double> _chance;
    private readonly double _perCall;
    private double _perTick;

    public Arrivals(Quota quota, long start, Func<double> chance)
    {
        _chance = chance;
        _perCall = (quota.Others?.Share ?? 0) / (quota.PerSeconds * (double)TimeSpan.TicksPerSecond);
        Become(quota.Calls, start);
    }

    public long Next { get; private set; }

    /// <summary>They keep to their share. The next one does not depend on how long it has been waited for, so it may be drawn anew.</summary>
    public void Become(int calls, long now)
    {
        _perTick = _perCall * calls;
        Wait(now);
    }

    public void Wait(long now)
    {
        var ticks = _perTick == 0 ? double.PositiveInfinity : Math.Round(-Math.Log(1 - _chance()) / _perTick);
        Next = ticks < long.MaxValue - now ? now + (long)ticks : long.MaxValue;
    }
}
