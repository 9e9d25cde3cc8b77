namespace Ungroup.Benchmarks.Pace.Peers;

/// <summary>
/// A client's own limiter: a token a call, who asks first goes first. The arithmetic of the usual ones (TokenBucketRateLimiter, the AWS
/// SDK's), with tokens that flow rather than drip.
/// </summary>
internal sealed class TokenBucket(double rate, double burst, double level, DateTimeOffset start)
{
    // A caller who waits is asked again within this time, since the rate may have risen.
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);

    // A caller who comes back at the tick at which his token is there shall have it, whatever is lost in a double.
    private const double Rounding = 1e-4;

    private readonly List<Job> _waiting = [];
    private double _level = level;
    private DateTimeOffset _asOf = start;

    public double Rate { get; private set; } = rate;

    private double Burst { get; set; } = burst;

    public void Change(double rate, double burst, DateTimeOffset now)
    {
        Fill(now);
        (Rate, Burst, _level) = (rate, burst, Math.Min(_level, burst));
    }

    public Permit Ask(Job job, DateTimeOffset now)
    {
        Fill(now);
        var place = _waiting.IndexOf(job);
        if (place < 0)
        {
            place = _waiting.Count;
            _waiting.Add(job);
        }

        var missing = place + 1 - _level;
        if (missing <= Rounding)
        {
            _waiting.RemoveAt(place);
            _level--;
            return Permit.Go;
        }

        var wait = TimeSpan.FromSeconds(missing / Rate);
        return Permit.WaitUntil(now + (wait < Patience ? wait : Patience));
    }

    private void Fill(DateTimeOffset now)
    {
        _level = Math.Min(Burst, _level + (Rate * (now - _asOf).TotalSeconds));
        _asOf = now;
    }
}
