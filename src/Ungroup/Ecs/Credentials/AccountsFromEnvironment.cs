using Microsoft.Extensions.Options;

namespace Ungroup.Ecs.Credentials;

internal sealed class AccountsFromEnvironment(EnvironmentVariables environment) : IPostConfigureOptions<AccountsOptions>
{
    public void PostConfigure(string? name, AccountsOptions options)
    {
        foreach (var account in options.Accounts.Values)
        {
            Fill(account);
        }
    }

    private void Fill(AccountOptions account)
    {
        if (account.Credentials == CredentialsSource.OidcTokenFile)
        {
            account.OidcTokenFile ??= environment("ALIBABA_CLOUD_OIDC_TOKEN_FILE");
            account.OidcProviderArn ??= environment("ALIBABA_CLOUD_OIDC_PROVIDER_ARN");
            account.RoleArn ??= environment("ALIBABA_CLOUD_ROLE_ARN");
        }

        if (account.Credentials == CredentialsSource.Uri)
        {
            account.CredentialsUri ??= environment("ALIBABA_CLOUD_CREDENTIALS_URI");
        }
    }
}
