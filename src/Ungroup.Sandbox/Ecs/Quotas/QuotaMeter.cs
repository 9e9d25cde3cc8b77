using Ungroup.Sandbox.Ecs.Wire;

namespace Ungroup.Sandbox.Ecs.Quotas;

/// <summary>
/// One quota in use. Nothing happens in it by itself: whoever asks brings the time, and what others did up to then is made up for first.
/// It may be asked from many threads; a time before one it has seen counts as that one.
/// </summary>
internal sealed class QuotaMeter
{
    private readonly Lock _gate = new();
    private readonly Quota _quota;
    private readonly Supply _supply;
    private readonly Arrivals _others;
    private readonly Queue<(long Time, QuotaStep Step)> _steps;
    private readonly HintWriter _hints;
    private long _now;
    private int _calls;
    private int? _burst;
    private long _served;
    private long _refused;
    private long _othersServed;
    private long _othersRefused;

    /// <param name="chance">When others call: numbers from 0 up to 1.</param>
    public QuotaMeter(Quota quota, DateTimeOffset start, Func<double> chance)
    {
        (_quota, _now, _calls, _burst) = (quota, start.UtcTicks, quota.Calls, quota.Burst);
        _supply = Supply.Of(quota, _now);
        _others = new Arrivals(quota, _now, chance);
        _hints = new HintWriter(quota.Hints);
        _steps = new(quota.Steps.OrderBy(step => step.After).Select(step => (start.UtcTicks + step.After.Ticks, step)));
    }

    /// <summary>Null when the call is within its quota; otherwise how the caller is told.</summary>
    public Excess? Count(DateTimeOffset now)
    {
        lock (_gate)
        {
            CatchUp(now.UtcTicks);
            if (Serve())
            {
                _served++;
                return null;
            }

            _refused++;
            return new Excess(_hints.Next(_calls, _supply.UntilRefill, now));
        }
    }

    public QuotaUse Read(DateTimeOffset now)
    {
        lock (_gate)
        {
            CatchUp(now.UtcTicks);
            return new QuotaUse(_quota.Action, _supply.Shape, _calls, _quota.PerSeconds)
            {
                Burst = _burst,
                Used = _supply.Used,
                Served = _served,
                Refused = _refused,
                Others = _othersServed,
                OthersRefused = _othersRefused,
                Closed = _supply.Closed,
            };
        }
    }

    private long NextStep => _steps.TryPeek(out var next) ? next.Time : long.MaxValue;

    private void CatchUp(long now)
    {
        while (Math.Min(NextStep, _others.Next) is var next && next <= now)
        {
            _supply.MoveTo(_now = next);
            if (next == NextStep)
            {
                Become(_steps.Dequeue().Step);
            }
            else
            {
                _ = Serve() ? _othersServed++ : _othersRefused++;
                _others.Wait(_now);
            }
        }

        _supply.MoveTo(_now = Math.Max(_now, now));
    }

    private void Become(QuotaStep step)
    {
        (_calls, _burst) = (step.Calls, step.Burst ?? _burst);
        _supply.Become(step);
        _others.Become(step.Calls, _now);
    }

    private bool Serve()
    {
        if (_supply.IsOpen)
        {
            _supply.Take();
            return true;
        }

        if (_quota.RefusedCallsCount)
        {
            _supply.Waste();
        }

        return false;
    }
}

/// <summary>A call too many; some gateways say when to come back, some do not, some say it wrongly.</summary>
internal sealed record Excess(Hint? Hint);
