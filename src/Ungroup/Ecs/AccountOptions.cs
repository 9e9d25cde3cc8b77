namespace Ungroup.Ecs;

/// <summary>One Alibaba Cloud account, under the name that requests use: <c>Accounts:&lt;name&gt;</c>.</summary>
public sealed class AccountOptions
{
    /// <summary>The region of a request for an instance that names none. Default: none, requests must name theirs.</summary>
    public string? DefaultRegion { get; set; }

    /// <summary>The host, or the URL, of every call of this account. Default: none, <see cref="EcsOptions.Endpoint"/> or the region decides.</summary>
    public string? Endpoint { get; set; }

    /// <summary>Where the credentials come from: <c>Static</c> (the three settings below) or <c>Environment</c>. Default: <c>Environment</c>.</summary>
    public CredentialsSource Credentials { get; set; } = CredentialsSource.Environment;

    /// <summary>The access key id, for <c>Static</c>. Default: none.</summary>
    public string? AccessKeyId { get; set; }

    /// <summary>The access key secret, for <c>Static</c>: a reference to a secret store, never a value in a file. Default: none.</summary>
    public string? AccessKeySecret { get; set; }

    /// <summary>The STS token that belongs to a temporary key, for <c>Static</c>. Default: none.</summary>
    public string? SecurityToken { get; set; }
}

/// <summary>Where credentials come from.</summary>
public enum CredentialsSource
{
    /// <summary><c>ALIBABA_CLOUD_ACCESS_KEY_ID</c>, <c>…_SECRET</c> and <c>ALIBABA_CLOUD_SECURITY_TOKEN</c>.</summary>
    Environment,

    /// <summary>The settings of the account.</summary>
    Static,
}

/// <summary>Every configured account. The section is <c>Accounts</c>.</summary>
public sealed class AccountsOptions
{
    /// <summary>The accounts, by the names that requests use. Default: none; at least one is needed.</summary>
    public IDictionary<string, AccountOptions> Accounts { get; } = new Dictionary<string, AccountOptions>(StringComparer.Ordinal);
}
