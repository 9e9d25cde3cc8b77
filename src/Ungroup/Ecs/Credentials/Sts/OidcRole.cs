using System.Diagnostics;

namespace Ungroup.Ecs.Credentials.Sts;

internal sealed class OidcRole(StsClient sts, StsRole role, string providerArn, TokenSource tokens)
{
    public async Task<Grant> IssueAsync()
    {
        var grant = await TryAsync();
        if (grant is Grant.Withheld { Fault: Fault.Authentication })
        {
            // A token may expire on its way.
            grant = await TryAsync();
        }

        return grant is Grant.Withheld withheld ? withheld.Finally() : grant;
    }

    private async Task<Grant> TryAsync() => await tokens() switch
    {
        IdentityToken.Found found => await sts.AssumeRoleWithOidcAsync(role, providerArn, found.Token),
        IdentityToken.Missing missing => missing.Why,
        _ => throw new UnreachableException(),
    };
}
