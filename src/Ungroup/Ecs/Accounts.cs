using System.Collections.Frozen;
using Microsoft.Extensions.Options;
using Ungroup.Ecs.Sts;

namespace Ungroup.Ecs;

/// <summary>The configured accounts, by the names that requests use.</summary>
/// <param name="options">As they are set.</param>
/// <param name="ecs">What holds for all of them.</param>
/// <param name="environment">The host's variables.</param>
/// <param name="issuing">Null where every account has a key of its own.</param>
internal sealed class Accounts(
    IOptions<AccountsOptions> options, IOptions<EcsOptions> ecs, EnvironmentVariables environment, Issuing? issuing = null)
{
    private readonly FrozenDictionary<string, Account> _accounts = options.Value.Accounts
        .ToFrozenDictionary(pair => pair.Key, pair => AccountOf(pair.Key, pair.Value, ecs.Value, environment, issuing), StringComparer.Ordinal);

    /// <summary>Requests name configured accounts only; their parser has seen to it.</summary>
    public Account this[string name] => _accounts.TryGetValue(name, out var account)
        ? account
        : throw new KeyNotFoundException($"There is no account '{name}' (Accounts:{name}).");

    /// <summary>The account's own key, where it has one, or the environment's.</summary>
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

/// <summary>A configured account.</summary>
/// <param name="Name">As requests write it.</param>
/// <param name="Endpoint">The URL of every call, or null where the region decides.</param>
/// <param name="Credentials">Where its credentials come from.</param>
internal sealed record Account(string Name, string? Endpoint, ICredentialsProvider Credentials);
