namespace Ungroup.Sandbox.Ecs;

/// <summary>How an account is used without a key: by which role, shown what, for whom.</summary>
public sealed record KeylessAccount(string Account, string RoleArn, string OidcProviderArn, string Audience, string? IdentityClientId);
