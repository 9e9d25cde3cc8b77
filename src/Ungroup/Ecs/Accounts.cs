using System.Collections.Frozen;
using Microsoft.Extensions.Options;

namespace Ungroup.Ecs;

/// <summary>The configured accounts, by the names that requests use.</summary>
internal sealed class Accounts(IOptions<AccountsOptions> options, EnvironmentVariables environment)
{
    private readonly FrozenDictionary<string, Account> accounts = options.Value.Accounts
        .ToFrozenDictionary(pair => pair.Key, pair => new Account(pair.Key, pair.Value, CredentialsOf(pair.Value, environment)), StringComparer.Ordinal);

    /// <summary>Requests name configured accounts only; their parser has seen to it.</summary>
    public Account this[string name] => accounts.TryGetValue(name, out var account)
        ? account
        : throw new KeyNotFoundException($"There is no account '{name}' (Accounts:{name}).");

    private static ICredentialsProvider CredentialsOf(AccountOptions account, EnvironmentVariables environment) => account.Credentials switch
    {
        CredentialsSource.Static => new StaticCredentials(new(account.AccessKeyId!, account.AccessKeySecret!, NullIfEmpty(account.SecurityToken))),
        _ => new EnvironmentCredentials(environment),
    };

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}

/// <summary>A configured account and where its credentials come from.</summary>
internal sealed record Account(string Name, AccountOptions Options, ICredentialsProvider Credentials);
