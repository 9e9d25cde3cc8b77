using Ungroup.Sandbox.Ecs.Wire;

namespace Ungroup.Sandbox.Ecs.Sts;

/// <summary>Whether a token is good enough for a role, and what is issued then.</summary>
internal sealed class Issuance(World world, TokenSigner signer, SessionBook sessions, SimulatorOptions options)
{
    // Two clocks are never the same.
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(5);

    /// <summary>Provider, form, signature, issuer and audience, age, and the trust policy at last. Null when all is well.</summary>
    public EcsError? RefuseToken(Role role, string? providerArn, string token)
    {
        var provider = world.Trust.Providers.FirstOrDefault(provider => provider.Arn == providerArn);
        if (provider is null)
        {
            return StsErrors.UnknownProvider;
        }

        if (token.Length is < 4 or > 20_000)
        {
            return StsErrors.Wrong("OIDCToken");
        }

        var now = options.Clock.GetUtcNow();
        return signer.Verify(token) is not { } claims ? StsErrors.TokenInvalid
            : claims.Issuer != provider.Issuer || !provider.ClientIds.Contains(claims.Audience) || claims.IssuedAt > now + Skew ? StsErrors.TokenInvalid
            : claims.Expires <= now || now - claims.IssuedAt > provider.IssuanceLimit ? StsErrors.TokenExpired
            : role.Provider != provider || (role.Subject is not null && role.Subject != claims.Subject) ? StsErrors.NotTrusted
            : null;
    }

    public Session Open(Assumption assumption) => sessions.Open(
        assumption.Role,
        assumption.SessionName,
        options.Clock.GetUtcNow() + (options.SessionLifetime ?? assumption.Duration),
        assumption.Policy);
}
