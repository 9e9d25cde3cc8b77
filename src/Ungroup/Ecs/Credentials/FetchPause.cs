using Ungroup.Time;

namespace Ungroup.Ecs.Credentials;

/// <summary>How long no credentials are fetched after a failure. Not thread-safe: its owner has a lock.</summary>
internal sealed class FetchPause(TimeProvider clock, Func<double> chance)
{
    public static readonly TimeSpan First = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    private DateTimeOffset _until;
    private int _failures;

    public void Begin(TimeSpan? asked, DateTimeOffset? valid)
    {
        var now = clock.GetUtcNow();
        if (valid is { } expires)
        {
            _until = DateTimeOffset.Earlier(now + TimeSpan.FromSeconds(50 + (20 * chance())), expires);
            return;
        }

        var wait = Backoff.Jittered(Backoff.Doubling(First, Longest, _failures++), chance());
        _until = now + (asked > wait ? asked.Value : wait);
    }

    public void End() => (_until, _failures) = (default, 0);

    public bool IsOver(DateTimeOffset now) => now >= _until;

    public TimeSpan? Left(DateTimeOffset now) => _until > now ? _until - now : null;
}
