using System.Collections.Frozen;

namespace Ungroup.Ecs.Credentials;

internal static class ConfiguredAccounts
{
    public static Accounts Of(AccountsOptions options, EcsOptions ecs, EnvironmentVariables environment, Issuing? issuing = null) => new(options.Accounts
        .ToFrozenDictionary(pair => pair.Key, pair => AccountOf(pair.Key, pair.Value, ecs, environment, issuing), StringComparer.Ordinal));

    public static ICredentialsProvider KeyOf(AccountOptions account, EnvironmentVariables environment) =>
        account.Credentials == CredentialsSource.Static || !string.IsNullOrEmpty(account.AccessKeyId)
            ? new StaticCredentials(new(account.AccessKeyId!, account.AccessKeySecret!, NullIfEmpty(account.SecurityToken)))
            : new EnvironmentCredentials(environment);

    private static Account AccountOf(string name, AccountOptions account, EcsOptions ecs, EnvironmentVariables environment, Issuing? issuing) => new(
        name,
        (account.Endpoint ?? ecs.Endpoint) is { } given ? Endpoint.Parse(given) : null,
        account.Credentials is CredentialsSource.Static or CredentialsSource.Environment
            ? KeyOf(account, environment)
            : issuing!.ProviderOf(name, account, environment));

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
