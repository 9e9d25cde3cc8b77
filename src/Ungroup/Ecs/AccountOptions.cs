namespace Ungroup.Ecs;

/// <summary>One Alibaba Cloud account, under the name that requests use: <c>Accounts:&lt;name&gt;</c>.</summary>
internal sealed class AccountOptions
{
    /// <summary>The region of a request for an instance that names none. Default: none, requests must name theirs.</summary>
    public string? DefaultRegion { get; set; }

    /// <summary>Regions that requests may name beside those that Ungroup knows, such as one that is newer. Default: none.</summary>
    public IList<string> Regions { get; } = [];

    /// <summary>
    /// Security groups that contained resources stay in, one a VPC: of these the one in the resource's VPC is taken where a request names none.
    /// Nothing is removed from them. Default: none, requests must name theirs.
    /// </summary>
    public IList<string> IsolationGroups { get; } = [];

    /// <summary>How a resource is moved into its isolation group. Default: <c>JoinThenLeave</c>.</summary>
    public ContainBy ContainBy { get; set; } = ContainBy.JoinThenLeave;

    /// <summary>The host, or the URL, of every call of this account. Default: none, <see cref="EcsOptions.Endpoint"/> or the region decides.</summary>
    public string? Endpoint { get; set; }

    /// <summary>Where the credentials come from. Default: <c>Environment</c>.</summary>
    public CredentialsSource Credentials { get; set; } = CredentialsSource.Environment;

    /// <summary>The access key id, for <c>Static</c>, and for <c>AssumeRole</c> instead of the environment's. Default: none.</summary>
    public string? AccessKeyId { get; set; }

    /// <summary>The secret that belongs to <see cref="AccessKeyId"/>: a reference to a secret store, never a value in a file. Default: none.</summary>
    public string? AccessKeySecret { get; set; }

    /// <summary>The STS token that belongs to <see cref="AccessKeyId"/>, if that is a temporary one. Default: none.</summary>
    public string? SecurityToken { get; set; }

    /// <summary>The RAM role that is assumed: <c>acs:ram::&lt;account id&gt;:role/&lt;role&gt;</c>. Default: none.</summary>
    public string? RoleArn { get; set; }

    /// <summary>The provider that RAM knows the token's issuer by: <c>acs:ram::&lt;account id&gt;:oidc-provider/&lt;name&gt;</c>. Default: none.</summary>
    public string? OidcProviderArn { get; set; }

    /// <summary>How ActionTrail names what is done with the role. Default: <c>ungroup</c>.</summary>
    public string RoleSessionName { get; set; } = "ungroup";

    /// <summary>Whom the identity's token is for, as an App ID URI, for <c>ManagedIdentity</c>. Default: none.</summary>
    public string? TokenAudience { get; set; }

    /// <summary>The client id of a user-assigned identity, for <c>ManagedIdentity</c>. Default: none, the system-assigned one.</summary>
    public string? IdentityClientId { get; set; }

    /// <summary>The file with the token, for <c>OidcTokenFile</c>. Default: none, <c>ALIBABA_CLOUD_OIDC_TOKEN_FILE</c>.</summary>
    public string? OidcTokenFile { get; set; }

    /// <summary>The <c>sts:ExternalId</c> that the role's trust policy may ask for, for <c>AssumeRole</c>. Default: none.</summary>
    public string? ExternalId { get; set; }

    /// <summary>How long assumed credentials live: 15 minutes to 12 hours, and no longer than the role allows. Default: 1 hour.</summary>
    public TimeSpan SessionDuration { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Security groups that assumed credentials are narrowed to, whatever else the role allows. Default: none, they are not narrowed.</summary>
    public IList<string> SessionPolicyGroups { get; } = [];

    /// <summary>The host, or the URL, of STS. Default: <c>sts.aliyuncs.com</c>.</summary>
    public string StsEndpoint { get; set; } = "sts.aliyuncs.com";

    /// <summary>The URL that answers with credentials, for <c>Uri</c>. Default: none, <c>ALIBABA_CLOUD_CREDENTIALS_URI</c>.</summary>
    public string? CredentialsUri { get; set; }
}

/// <summary>The calls that move a resource from one set of groups to another.</summary>
internal enum ContainBy
{
    /// <summary>JoinSecurityGroup and LeaveSecurityGroup: the rights of a removal and one more. Between the calls the rules of both groups hold.</summary>
    JoinThenLeave,

    /// <summary>ModifyInstanceAttribute and ModifyNetworkInterfaceAttribute: the whole set in one call, with rights that reach further.</summary>
    Modify,
}

/// <summary>Every configured account. The section is <c>Accounts</c>.</summary>
internal sealed class AccountsOptions
{
    /// <summary>The accounts, by the names that requests use. Default: none; at least one is needed.</summary>
    public IDictionary<string, AccountOptions> Accounts { get; } = new Dictionary<string, AccountOptions>(StringComparer.Ordinal);
}
