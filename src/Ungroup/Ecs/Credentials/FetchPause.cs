namespace Ungroup.Ecs.Credentials;

/// <summary>How long nobody is asked after a failure. Not safe for several threads: its owner has a lock.</summary>
internal sealed class FetchPause(TimeProvider clock, Func<double> chance)
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    private DateTimeOffset _until;
    private int _failures;

    /// <param name="asked">How long the issuer asks us to wait.</param>
    /// <param name="valid">Until when older credentials still serve: then there is no hurry.</param>
    public void Begin(TimeSpan? asked, DateTimeOffset? valid)
    {
        var now = clock.GetUtcNow();
        if (valid is { } expires)
        {
            var until = now + TimeSpan.FromSeconds(50 + (20 * chance()));
            _until = until < expires ? until : expires;
            return;
        }

        var wait = TimeSpan.FromTicks(Math.Min(First.Ticks << Math.Min(_failures++, 10), Longest.Ticks)) * (0.8 + (0.2 * chance()));
        _until = now + (asked > wait ? asked.Value : wait);
    }

    public void End() => (_until, _failures) = (default, 0);

    public bool IsOver(DateTimeOffset now) => now >= _until;

    public TimeSpan? Left(DateTimeOffset now) => _until > now ? _until - now : null;
}
