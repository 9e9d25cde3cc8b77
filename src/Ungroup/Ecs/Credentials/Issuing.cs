using Microsoft.Extensions.Logging;
using Ungroup.Ecs.Credentials.Sts;

namespace Ungroup.Ecs.Credentials;

/// <summary>Requests through <paramref name="Local"/> stay on this machine and never go through a proxy.</summary>
internal sealed record Issuing(HttpMessageInvoker Sts, HttpMessageInvoker Local, TimeProvider Clock, Func<double> Chance, ILogger<RefreshingCredentials> Logger)
{
    public ICredentialsProvider ProviderOf(string name, AccountOptions account, EnvironmentVariables environment)
    {
        var local = new CredentialsHttp(Local, Clock);
        return account.Credentials switch
        {
            CredentialsSource.ManagedIdentity =>
                ByToken(new AppIdentity(local, environment, account.TokenAudience!, account.IdentityClientId).FetchAsync),
            CredentialsSource.OidcTokenFile => ByToken(new TokenFile(account.OidcTokenFile!).ReadAsync),
            CredentialsSource.AssumeRole => Refreshing(
                "ram_role_arn", new AssumedRole(StsOf(account), StsRole.Of(account), account.ExternalId, ConfiguredAccounts.KeyOf(account, environment)).IssueAsync),
            CredentialsSource.Uri => Refreshing("credentials_uri", new CredentialsUri(local, new(account.CredentialsUri!)).IssueAsync),
            _ => ConfiguredAccounts.KeyOf(account, environment),
        };

        ICredentialsProvider ByToken(TokenSource tokens) =>
            Refreshing("oidc_role_arn", new OidcRole(StsOf(account), StsRole.Of(account), account.OidcProviderArn!, tokens).IssueAsync);

        ICredentialsProvider Refreshing(string kind, Issuer issuer) => new RefreshingCredentials(name, kind, issuer, this);
    }

    private StsClient StsOf(AccountOptions account) => new(new CredentialsHttp(Sts, Clock), Endpoint.Parse(account.StsEndpoint)!, Clock);
}
