namespace Ungroup.Pace;

/// <summary>
/// Gives out turns evenly at a speed that may change at any time: a turn is there after so much time, and what was not used
/// is soon lost. Not safe for several threads.
/// </summary>
internal sealed class SpacedTurns(Func<double> chance)
{
    // How much that was not used may be made up for: enough for the time in which work is fetched, too little for a burst.
    private static readonly TimeSpan MadeUp = TimeSpan.FromSeconds(0.25);

    // Whoever waits for longer asks again before.
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(10);

    private double _turns = chance();
    private DateTimeOffset _at;
    private double _speed;

    /// <summary>What of turns is there.</summary>
    public double LeftAt(double perSecond, DateTimeOffset now)
    {
        Run(perSecond, now);
        return _turns;
    }

    /// <summary>Begins anew at an instant. Where many instances do so at the same one, their turns should not come at the same ones.</summary>
    public void Scatter(DateTimeOffset start) => (_turns, _at, _speed) = (chance(), start, double.NaN);

    public void Grant(double turns) => _turns = Math.Max(_turns, turns);

    /// <summary>True when a turn is there and was taken; else the time until one is, if the speed stays as it is.</summary>
    public bool TryTake(double perSecond, DateTimeOffset now, out TimeSpan wait)
    {
        Run(perSecond, now);
        if (double.IsPositiveInfinity(perSecond) || _turns >= 1)
        {
            _turns = Math.Max(0, _turns - 1);
            wait = TimeSpan.Zero;
            return true;
        }

        var seconds = (1 - _turns) / perSecond;
        wait = seconds < LongestWait.TotalSeconds ? TimeSpan.FromSeconds(seconds) : TimeSpan.MaxValue;
        return false;
    }

    // What has come since the last look came at the speed of then.
    private void Run(double perSecond, DateTimeOffset now)
    {
        var elapsed = _at == default ? TimeSpan.Zero : now - _at;
        var speed = double.IsNaN(_speed) ? perSecond : _speed;
        if (elapsed > TimeSpan.Zero && double.IsFinite(speed))
        {
            _turns = Math.Max(_turns, Math.Min(MostOf(speed), _turns + (speed * elapsed.TotalSeconds)));
        }

        // Who goes slower from now on has nothing of the faster time left to make up for.
        _turns = perSecond < _speed ? Math.Min(_turns, MostOf(perSecond)) : _turns;
        (_at, _speed) = (now, perSecond);
    }

    private static double MostOf(double perSecond) => 1 + (perSecond * MadeUp.TotalSeconds);
}
