using Ungroup.Simulation.Plan;

namespace Ungroup.Simulation.Cloud.Ecs;

/// <summary>The quota of one API of one account and region, as the gateway counts it: in minutes, or in a bucket that fills.</summary>
internal sealed class SimulatedQuota(QuotaPlan plan, DateTimeOffset now)
{
    private double _tokens = plan.Burst;
    private DateTimeOffset _filledAt = now;
    private long _minute;
    private int _used;

    /// <summary>Whether a call passes; and if not, after how long one would.</summary>
    public bool TryTake(DateTimeOffset now, out TimeSpan wait) => plan.IsBucket ? TryDraw(now, out wait) : TryCount(now, out wait);

    private bool TryCount(DateTimeOffset now, out TimeSpan wait)
    {
        var minute = plan.MinuteOf(now);
        var position = now - plan.StartOf(minute);
        wait = TimeSpan.FromMinutes(1) - position;
        _used = minute == _minute ? _used : 0;
        _minute = minute;

        // Others use their share evenly.
        var left = plan.LimitAt(now) - (int)(plan.LimitAt(now) * plan.Others * position.TotalMinutes);
        if (_used >= left)
        {
            return false;
        }

        _used++;
        return true;
    }

    private bool TryDraw(DateTimeOffset now, out TimeSpan wait)
    {
        var perSecond = plan.LimitAt(now) * (1 - plan.Others) / 60;
        _tokens = Math.Min(plan.Burst, _tokens + (perSecond * (now - _filledAt).TotalSeconds));
        _filledAt = now;
        wait = TimeSpan.FromSeconds(Math.Max(0, 1 - _tokens) / perSecond);
        if (_tokens < 1)
        {
            return false;
        }

        _tokens--;
        return true;
    }
}
