namespace Ungroup.Ecs.Credentials.Sts;

/// <summary>What shows STS who we are, fetched anew every time.</summary>
internal delegate Task<IdentityToken> TokenSource();

/// <summary>What comes of asking for a token.</summary>
internal abstract record IdentityToken
{
    // STS takes none that is shorter or longer.
    private const int ShortestToken = 4;
    private const int LongestToken = 20_000;

    private IdentityToken()
    {
    }

    /// <summary>Prints as nothing: whoever reads it is us, as far as STS can tell.</summary>
    public sealed record Found(string Token) : IdentityToken
    {
        public override string ToString() => "…";
    }

    public sealed record Missing(Grant.Withheld Why) : IdentityToken;

    /// <param name="text">The token, perhaps with blanks around it.</param>
    /// <param name="origin">Where it comes from, as a sentence begins.</param>
    public static IdentityToken Of(string? text, string origin) => text?.Trim() is { Length: >= ShortestToken and <= LongestToken } token
        ? new Found(token)
        : new Missing(new(
            "TokenUnusable", $"{origin} has {text?.Trim().Length ?? 0} characters; STS takes 4 to 20,000.", Fault.Configuration,
            "See to it that it is one JSON Web Token and nothing else."));
}
