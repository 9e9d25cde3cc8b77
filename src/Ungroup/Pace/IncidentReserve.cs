namespace Ungroup.Pace;

/// <summary>The part of a quota that only incidents use of ours: it fills up over a minute, and may be used at once. Not safe for several threads.</summary>
internal sealed class IncidentReserve
{
    private const double Least = 10;

    // Nobody has used it before the first one asks.
    private double _calls = double.MaxValue;
    private DateTimeOffset _at;

    public double LeftAt(double perSecond, DateTimeOffset now)
    {
        var elapsed = _at == default ? 0 : Math.Max(0, (now - _at).TotalSeconds);
        _calls = Math.Min(Math.Max(Least, perSecond * WindowPlan.Length), _calls + (perSecond * elapsed));
        _at = now;
        return _calls;
    }

    public bool TryTake(double perSecond, DateTimeOffset now)
    {
        if (LeftAt(perSecond, now) < 1)
        {
            return false;
        }

        _calls--;
        return true;
    }
}
