namespace Ungroup.Benchmarks.Pace.Peers;

/// <summary>Answers a second, as an exponential average over half seconds.</summary>
internal sealed class MeasuredRate(DateTimeOffset start)
{
    private const double Weight = 0.8;
    private const double HalfSeconds = 2;

    private double _bucket = Math.Floor((start - DateTimeOffset.UnixEpoch).TotalSeconds);
    private int _count;
    private double _rate;

    public double Record(DateTimeOffset now)
    {
        var bucket = Math.Floor((now - DateTimeOffset.UnixEpoch).TotalSeconds * HalfSeconds) / HalfSeconds;
        _count++;
        if (bucket > _bucket)
        {
            _rate = (Weight * _count / (bucket - _bucket)) + ((1 - Weight) * _rate);
            (_count, _bucket) = (0, bucket);
        }

        return _rate;
    }
}

/// <summary>The rate along 0.4 (t − K)³ + the rate at the last refusal, which t is counted from; K is when it is there again.</summary>
internal sealed class Cubic(DateTimeOffset start)
{
    private const double Steepness = 0.4;
    private const double Keep = 0.7;

    private double _best;
    private DateTimeOffset _cutAt = start;

    public double Cut(double rate, DateTimeOffset now)
    {
        (_best, _cutAt) = (rate, now);
        return Keep * rate;
    }

    public double Grow(DateTimeOffset now)
    {
        var back = Math.Cbrt(_best * (1 - Keep) / Steepness);
        return (Steepness * Math.Pow((now - _cutAt).TotalSeconds - back, 3)) + _best;
    }
}

/// <summary>Retries are paid from it: five each, given back when a retry is served; one for each call served at once.</summary>
internal sealed class RetryPurse
{
    private const int Full = 500;
    private const int Price = 5;

    private int _tokens = Full;

    public bool Pay()
    {
        if (_tokens < Price)
        {
            return false;
        }

        _tokens -= Price;
        return true;
    }

    public void Earn(bool retried) => _tokens = Math.Min(Full, _tokens + (retried ? Price : 1));
}
