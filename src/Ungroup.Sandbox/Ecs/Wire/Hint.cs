using System.Globalization;

namespace Ungroup.Sandbox.Ecs.Wire;

/// <summary>A header by which a refused caller is told when to come back, and what a caller who can read it makes of it.</summary>
internal sealed record Hint(string Header, string Value, TimeSpan? Wait)
{
    private const string Newer = "x-acs-retry-after";

    /// <summary>Milliseconds, not seconds, and not the standard header. [DARA-CS]</summary>
    public static Hint RetryAfter(TimeSpan wait)
    {
        var milliseconds = Milliseconds(wait);
        return new(Newer, milliseconds.ToString(CultureInfo.InvariantCulture), TimeSpan.FromMilliseconds(milliseconds));
    }

    public static Hint Unreadable(string text) => new(Newer, text, Wait: null);

    /// <summary>As older gateways have it: `TimeLeft` in milliseconds. The meaning of `Reset` is not published; here it is a Unix time in seconds. [DARA-OLD]</summary>
    public static Hint RateLimit(int limit, TimeSpan wait, DateTimeOffset reset)
    {
        var milliseconds = Milliseconds(wait);
        return new(
            "x-ratelimit-user-api",
            string.Create(CultureInfo.InvariantCulture, $"Limit:{limit},Remain:0,TimeLeft:{milliseconds},Reset:{reset.ToUnixTimeSeconds()}"),
            TimeSpan.FromMilliseconds(milliseconds));
    }

    // A caller who comes back a part of a millisecond too soon is refused again.
    private static long Milliseconds(TimeSpan wait) => (long)Math.Ceiling(wait.TotalMilliseconds);
}
