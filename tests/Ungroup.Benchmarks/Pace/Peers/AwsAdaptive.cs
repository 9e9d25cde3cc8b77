namespace Ungroup.Benchmarks.Pace.Peers;

/// <summary>
/// The adaptive retry mode of the AWS SDKs as published: no limit until the first refusal; then a token bucket whose rate is cut to 0.7 of
/// the measured one on every refusal and grows back along a cubic, and a purse that each retry is paid from. More attempts are allowed than
/// the SDKs' three, so that jobs are not lost for that alone. It reads no hint, and messages stay in hand.
/// </summary>
internal sealed class AwsAdaptive(DateTimeOffset start, Random chance) : IPacer
{
    private const int MostAttempts = 11;
    private const double SlowestRate = 0.5;
    private const double SmallestBurst = 1;

    private static readonly TimeSpan LongestBackoff = TimeSpan.FromSeconds(20);

    private readonly TokenBucket _bucket = new(SmallestBurst, SmallestBurst, 0, start);
    private readonly MeasuredRate _measured = new(start);
    private readonly Cubic _cubic = new(start);
    private readonly RetryPurse _purse = new();
    private readonly Dictionary<Job, int> _retries = [];
    private bool _limits;

    public DateTimeOffset? Next => null;

    public int Room(DateTimeOffset now) => Briefing.Concurrency;

    public Permit Ask(Job job, DateTimeOffset now) => _limits ? _bucket.Ask(job, now) : Permit.Go;

    public After Told(Job job, DateTimeOffset sentAt, DateTimeOffset now, bool refused, TimeSpan? hint)
    {
        var measured = _measured.Record(now);
        var rate = refused ? _cubic.Cut(_limits ? Math.Min(measured, _bucket.Rate) : measured, now) : _cubic.Grow(now);
        _limits |= refused;
        rate = Math.Min(rate, 2 * measured);
        _bucket.Change(Math.Max(SlowestRate, rate), Math.Max(SmallestBurst, rate), now);
        return refused ? Retry(job, now) : Finish(job);
    }

    public void Tick(DateTimeOffset now)
    {
    }

    private After Retry(Job job, DateTimeOffset now)
    {
        var retry = _retries.GetValueOrDefault(job) + 1;
        if (retry == MostAttempts || !_purse.Pay())
        {
            _retries.Remove(job);
            return After.GiveUp;
        }

        _retries[job] = retry;
        var backoff = TimeSpan.FromSeconds(Math.Min(Math.Pow(2, retry - 1), LongestBackoff.TotalSeconds));
        return After.AskAgainAt(now + (chance.NextDouble() * backoff));
    }

    private After Finish(Job job)
    {
        _purse.Earn(retried: _retries.Remove(job));
        return After.Done;
    }
}
