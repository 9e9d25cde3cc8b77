namespace Ungroup.Ecs.Credentials.Sts;

internal delegate Task<IdentityToken> TokenSource();

internal abstract record IdentityToken
{
    private const int ShortestToken = 4;
    private const int LongestToken = 20_000;

    private IdentityToken()
    {
    }

    /// <summary>Never prints the token.</summary>
    public sealed record Found(string Token) : IdentityToken
    {
        public override string ToString() => "…";
    }

    public sealed record Missing(Grant.Withheld Why) : IdentityToken;

    public static IdentityToken Of(string? text, string origin) => text?.Trim() is { Length: >= ShortestToken and <= LongestToken } token
        ? new Found(token)
        : new Missing(new(
            "TokenUnusable", $"{origin} has {text?.Trim().Length ?? 0} characters; STS takes 4 to 20,000.", Fault.Configuration,
            "See to it that it is one JSON Web Token and nothing else."));
}
