namespace Ungroup.Benchmarks.Pace.Peers;

/// <summary>A worker with a Polly retry around its call: it calls at once, and backs off with the message in hand. It reads no hint.</summary>
/// <param name="delays">Polly waits for these.</param>
/// <param name="limiter">The rate limiter inside the retry, which each attempt has to pass; null for none.</param>
internal sealed class PollyBackoff(PollyDelays delays, ToldLimiter? limiter = null) : IPacer
{
    private readonly Dictionary<Job, Queue<TimeSpan>> _left = [];

    public DateTimeOffset? Next => null;

    public int Room(DateTimeOffset now) => Briefing.Concurrency;

    public Permit Ask(Job job, DateTimeOffset now) => limiter?.Ask(job, now) ?? Permit.Go;

    public After Told(Job job, DateTimeOffset sentAt, DateTimeOffset now, bool refused, TimeSpan? hint)
    {
        if (!refused)
        {
            _left.Remove(job);
            return After.Done;
        }

        if (!_left.TryGetValue(job, out var left))
        {
            _left[job] = left = delays.Draw();
        }

        if (left.TryDequeue(out var delay))
        {
            return After.AskAgainAt(now + delay);
        }

        _left.Remove(job);
        return After.GiveUp;
    }

    public void Tick(DateTimeOffset now)
    {
    }
}
