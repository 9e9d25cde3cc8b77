namespace Ungroup.Benchmarks.Pace.Peers;

/// <summary>
/// Additive increase, multiplicative decrease: from one call a second, one more a second each second, evenly spaced; half of it on a
/// refusal, but once only for all calls that were sent before. It reads no hint, holds messages in hand while it waits, and never gives up.
/// </summary>
internal sealed class Aimd(DateTimeOffset start) : IPacer
{
    private const double Floor = 0.5;

    private readonly TokenBucket _bucket = new(1, 1, 1, start);
    private DateTimeOffset _asOf = start;
    private DateTimeOffset _cutAt = start;

    public DateTimeOffset? Next => null;

    public int Room(DateTimeOffset now) => Briefing.Concurrency;

    public Permit Ask(Job job, DateTimeOffset now)
    {
        SetRate(_bucket.Rate + (now - _asOf).TotalSeconds, now);
        return _bucket.Ask(job, now);
    }

    public After Told(Job job, DateTimeOffset sentAt, DateTimeOffset now, bool refused, TimeSpan? hint)
    {
        if (refused && sentAt >= _cutAt)
        {
            _cutAt = now;
            SetRate(Math.Max(Floor, _bucket.Rate / 2), now);
        }

        return refused ? After.AskAgainAt(now) : After.Done;
    }

    public void Tick(DateTimeOffset now)
    {
    }

    private void SetRate(double rate, DateTimeOffset now)
    {
        _bucket.Change(rate, 1, now);
        _asOf = now;
    }
}
