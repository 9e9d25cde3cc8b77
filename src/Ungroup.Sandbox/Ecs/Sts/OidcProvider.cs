namespace Ungroup.Sandbox.Ecs.Sts;

/// <summary>
/// Whose tokens an account takes. https://www.alibabacloud.com/help/en/ram/user-guide/manage-an-oidc-idp [OIDCP]
/// </summary>
internal sealed record OidcProvider(string Name, Account Account, string Issuer, IReadOnlyList<string> ClientIds, TimeSpan IssuanceLimit)
{
    public string Arn => $"acs:ram::{Account.AccountId}:oidc-provider/{Name}";
}
