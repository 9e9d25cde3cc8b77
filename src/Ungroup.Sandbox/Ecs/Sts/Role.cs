namespace Ungroup.Sandbox.Ecs.Sts;

/// <summary>A RAM role and whom it trusts: the keys of its own account, or one subject of one OIDC provider.</summary>
internal sealed record Role(string Name, Account Account)
{
    private volatile bool _isRevoked;

    /// <summary>Null where only keys may assume it.</summary>
    public OidcProvider? Provider { get; init; }

    /// <summary>`oidc:sub` of the trust policy.</summary>
    public string? Subject { get; init; }

    public string? ExternalId { get; init; }

    public TimeSpan LongestSession { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Whether it is gone, and what was issued for it with it.</summary>
    public bool IsRevoked
    {
        get => _isRevoked;
        set => _isRevoked = value;
    }

    public string Arn => $"acs:ram::{Account.AccountId}:role/{Name}";
}
