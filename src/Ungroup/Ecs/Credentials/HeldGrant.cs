namespace Ungroup.Ecs.Credentials;

internal sealed class HeldGrant(Grant.Given grant, DateTimeOffset since)
{
    // As the official clients do; a shorter life is fetched anew at its half.
    public static readonly TimeSpan Margin = TimeSpan.FromMinutes(15);

    public Grant.Given Grant => grant;

    public DateTimeOffset? Expires { get; } = since + grant.Life;

    private DateTimeOffset? Stale { get; } = grant.Life is { } life ? since + life - (life < 2 * Margin ? life / 2 : Margin) : null;

    public bool IsFresh(DateTimeOffset now) => Stale is null || now < Stale;

    public bool IsValid(DateTimeOffset now) => Expires is null || now < Expires;
}
