using System.Collections.Frozen;
using Microsoft.Extensions.Options;

namespace Ungroup.Ecs;

/// <summary>The configured accounts, by the names that requests use.</summary>
internal sealed class Accounts(IOptions<AccountsOptions> options, IOptions<EcsOptions> ecs, EnvironmentVariables environment)
{
    private readonly FrozenDictionary<string, Account> _accounts = options.Value.Accounts
        .ToFrozenDictionary(pair => pair.Key, pair => AccountOf(pair.Key, pair.Value, ecs.Value, environment), StringComparer.Ordinal);

    /// <summary>Requests name configured accounts only; their parser has seen to it.</summary>
    public Account this[string name] => _accounts.TryGetValue(name, out var account)
        ? account
        : throw new KeyNotFoundException($"There is no account '{name}' (Accounts:{name}).");

    private static Account AccountOf(string name, AccountOptions account, EcsOptions ecs, EnvironmentVariables environment) =>
        new(name, (account.Endpoint ?? ecs.Endpoint) is { } given ? Endpoint.Parse(given) : null, account.Credentials switch
        {
            CredentialsSource.Static => new StaticCredentials(new(account.AccessKeyId!, account.AccessKeySecret!, NullIfEmpty(account.SecurityToken))),
            _ => new EnvironmentCredentials(environment),
        });

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}

/// <summary>A configured account.</summary>
/// <param name="Name">As requests write it.</param>
/// <param name="Endpoint">The URL of every call, or null where the region decides.</param>
/// <param name="Credentials">Where its credentials come from.</param>
internal sealed record Account(string Name, string? Endpoint, ICredentialsProvider Credentials);
