namespace Ungroup.Ecs;

/// <summary>Where credentials come from. The first two need no key at all.</summary>
internal enum CredentialsSource
{
    /// <summary><c>ALIBABA_CLOUD_ACCESS_KEY_ID</c>, <c>…_SECRET</c> and <c>ALIBABA_CLOUD_SECURITY_TOKEN</c>.</summary>
    Environment,

    /// <summary>The settings of the account.</summary>
    Static,

    /// <summary>The app's Azure managed identity gets a token from Entra, and STS takes that for temporary credentials.</summary>
    ManagedIdentity,

    /// <summary>A token in a file, as Kubernetes keeps one, and STS takes that for temporary credentials.</summary>
    OidcTokenFile,

    /// <summary>The account's own key, or the environment's, is used for nothing but to assume a role.</summary>
    AssumeRole,

    /// <summary>A URL on or near this machine answers with temporary credentials.</summary>
    Uri,
}
