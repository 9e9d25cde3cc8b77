using System.Text.RegularExpressions;
using Ungroup.Ecs.Credentials.Sts;
using Ungroup.Requests;
using static Ungroup.Ecs.CredentialsSource;

namespace Ungroup.Ecs.Credentials;

/// <summary>Which source of credentials needs which setting, in which form. Repeats nothing that may be secret.</summary>
internal static partial class CredentialsRules
{
    private const string RoleArnForm = "acs:ram::<account id>:role/<role>";
    private const string ProviderArnForm = "acs:ram::<account id>:oidc-provider/<name>";

    private static readonly CredentialsSource[] AnyRole = [ManagedIdentity, OidcTokenFile, AssumeRole];

    private static readonly Setting[] Settings =
    [
        new(nameof(AccountOptions.RoleArn), account => account.RoleArn, AnyRole, IsNeeded: true),
        new(nameof(AccountOptions.OidcProviderArn), account => account.OidcProviderArn, [ManagedIdentity, OidcTokenFile], IsNeeded: true),
        new(nameof(AccountOptions.TokenAudience), account => account.TokenAudience, [ManagedIdentity], IsNeeded: true),
        new(nameof(AccountOptions.OidcTokenFile), account => account.OidcTokenFile, [OidcTokenFile], IsNeeded: true),
        new(nameof(AccountOptions.CredentialsUri), account => account.CredentialsUri, [CredentialsSource.Uri], IsNeeded: true),
        new(nameof(AccountOptions.IdentityClientId), account => account.IdentityClientId, [ManagedIdentity], IsNeeded: false),
        new(nameof(AccountOptions.ExternalId), account => account.ExternalId, [AssumeRole], IsNeeded: false),
        new(nameof(AccountOptions.SessionPolicyGroups), account => string.Concat(account.SessionPolicyGroups), AnyRole, IsNeeded: false),
    ];

    public static IEnumerable<string> ProblemsOf(string name, AccountOptions account) =>
        SettingsOf(name, account).Concat(KeyOf(name, account)).Concat(FormsOf(account).Select(problem => $"Accounts:{name}:{problem}"));

    private static IEnumerable<string> SettingsOf(string name, AccountOptions account)
    {
        foreach (var setting in Settings)
        {
            var (isSet, isRead) = (!string.IsNullOrEmpty(setting.ValueOf(account)), setting.ReadBy.Contains(account.Credentials));
            if (setting.IsNeeded && isRead && !isSet)
            {
                yield return $"Accounts:{name}:Credentials is {account.Credentials}; set Accounts:{name}:{setting.Name} as well.";
            }

            if (isSet && !isRead)
            {
                yield return $"Accounts:{name}:{setting.Name} is never read while Accounts:{name}:Credentials is {account.Credentials}; "
                    + $"take it out, or set that to {string.Join(" or ", setting.ReadBy)}.";
            }
        }
    }

    private static IEnumerable<string> KeyOf(string name, AccountOptions account)
    {
        var hasKey = !string.IsNullOrEmpty(account.AccessKeyId) && !string.IsNullOrEmpty(account.AccessKeySecret);
        var isSet = (account.AccessKeyId ?? account.AccessKeySecret ?? account.SecurityToken) is not null;
        if (account.Credentials == Static && !hasKey)
        {
            yield return $"Accounts:{name}:Credentials is Static; set Accounts:{name}:AccessKeyId and Accounts:{name}:AccessKeySecret as well.";
        }

        if (account.Credentials == AssumeRole && isSet && !hasKey)
        {
            yield return $"Accounts:{name} has half a key; set both Accounts:{name}:AccessKeyId and Accounts:{name}:AccessKeySecret, or neither for the environment's.";
        }

        if (account.Credentials is not (Static or AssumeRole) && isSet)
        {
            yield return $"Accounts:{name} has a key of its own that is never read; set Accounts:{name}:Credentials to Static, or take the key out.";
        }
    }

    private static IEnumerable<string> FormsOf(AccountOptions account)
    {
        if (account.RoleArn is { Length: > 0 } role && !RoleArn().IsMatch(role))
        {
            yield return $"RoleArn is '{role}'; expected {RoleArnForm}.";
        }

        if (account.OidcProviderArn is { Length: > 0 } provider && !ProviderArn().IsMatch(provider))
        {
            yield return $"OidcProviderArn is '{provider}'; expected {ProviderArnForm}.";
        }

        if (!SessionName().IsMatch(account.RoleSessionName))
        {
            yield return $"RoleSessionName is '{account.RoleSessionName}'; expected 2 to 64 of A-Z a-z 0-9 . @ _ -.";
        }

        if (account.SessionDuration < TimeSpan.FromMinutes(15) || account.SessionDuration > TimeSpan.FromHours(12))
        {
            yield return $"SessionDuration is {account.SessionDuration}; expected 00:15:00 to 12:00:00.";
        }

        if (account.ExternalId is { Length: 1 or > 1224 } external)
        {
            yield return $"ExternalId has {external.Length} characters; STS takes 2 to 1,224.";
        }

        foreach (var problem in AddressesOf(account).Concat(PolicyOf(account)))
        {
            yield return problem;
        }
    }

    private static IEnumerable<string> AddressesOf(AccountOptions account)
    {
        if (Endpoint.Parse(account.StsEndpoint) is not { } sts)
        {
            yield return $"StsEndpoint is '{account.StsEndpoint}'; expected a host such as sts.eu-central-1.aliyuncs.com, or a URL without a path.";
        }
        else if (new System.Uri(sts) is { Scheme: "http", IsLoopback: false })
        {
            yield return $"StsEndpoint is '{sts}'; a token does not travel unencrypted: expected https, or this very machine.";
        }

        if (account.CredentialsUri is { Length: > 0 } uri
            && !(System.Uri.TryCreate(uri, UriKind.Absolute, out var parsed) && parsed.Scheme is "http" or "https" && parsed.UserInfo.Length == 0))
        {
            yield return "CredentialsUri is no URL; expected http://… or https://…, without a user name.";
        }
    }

    private static IEnumerable<string> PolicyOf(AccountOptions account)
    {
        foreach (var group in account.SessionPolicyGroups.Where(group => !SecurityGroupId.TryParse(group, out _)))
        {
            yield return $"SessionPolicyGroups has '{group}'; expected ids of security groups, such as sg-bp1….";
        }

        if (SessionPolicy.For(account) is { Length: > SessionPolicy.LongestPolicy } policy)
        {
            yield return $"SessionPolicyGroups has {account.SessionPolicyGroups.Count} groups, which make a policy of {policy.Length} characters; "
                + $"STS takes {SessionPolicy.LongestPolicy}. Name fewer, and limit the role itself instead.";
        }
    }

    [GeneratedRegex(@"^acs:ram::\d+:role/[A-Za-z0-9._/-]{1,128}\z", RegexOptions.None, 1000)]
    private static partial Regex RoleArn();

    [GeneratedRegex(@"^acs:ram::\d+:oidc-provider/[A-Za-z0-9._-]{1,128}\z", RegexOptions.None, 1000)]
    private static partial Regex ProviderArn();

    [GeneratedRegex(@"^[A-Za-z0-9.@_-]{2,64}\z", RegexOptions.None, 1000)]
    private static partial Regex SessionName();

    private sealed record Setting(string Name, Func<AccountOptions, string?> ValueOf, CredentialsSource[] ReadBy, bool IsNeeded);
}
