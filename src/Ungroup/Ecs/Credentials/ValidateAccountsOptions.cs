using Microsoft.Extensions.Options;
using Ungroup.Requests;

namespace Ungroup.Ecs.Credentials;

/// <summary>Never repeats a secret.</summary>
internal sealed class ValidateAccountsOptions : IValidateOptions<AccountsOptions>
{
    public ValidateOptionsResult Validate(string? name, AccountsOptions options)
    {
        List<string> problems = options.Accounts.Count == 0
            ? ["No account is configured: set at least Accounts:default:Credentials to ManagedIdentity, Environment or another source."]
            : [.. options.Accounts.SelectMany(account => ProblemsOf(account.Key, account.Value))];
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    private static IEnumerable<string> ProblemsOf(string name, AccountOptions account)
    {
        if (name.Length is 0 or > 64 || name.AsSpan().ContainsAnyExcept(Characters.OfAccountNames))
        {
            yield return $"Accounts:{name}: a name is 1 to 64 of A-Z a-z 0-9 . _ -, as requests write it.";
        }

        foreach (var bad in account.Regions.Where(region => !Characters.IsRegionId(region)))
        {
            yield return $"Accounts:{name}:Regions has '{bad}'; expected region ids such as cn-hangzhou.";
        }

        foreach (var bad in account.IsolationGroups.Where(group => !SecurityGroupId.TryParse(group, out _)))
        {
            yield return $"Accounts:{name}:IsolationGroups has '{bad}'; expected ids of security groups, such as sg-bp1….";
        }

        if (account.DefaultRegion is { } region && !Regions.IsBuiltIn(region) && !account.Regions.Contains(region))
        {
            yield return $"Accounts:{name}:DefaultRegion is '{region}', which is no region that Ungroup knows; expected a region id such as "
                + $"{Regions.Nearest(region, account.Regions)}, or one that Accounts:{name}:Regions lists.";
        }

        if (account.Endpoint is { } endpoint && Endpoint.Parse(endpoint) is null)
        {
            yield return $"Accounts:{name}:Endpoint is '{endpoint}'; expected a host such as ecs.cn-hangzhou.aliyuncs.com, or a URL without a path.";
        }

        foreach (var problem in CredentialsRules.ProblemsOf(name, account))
        {
            yield return problem;
        }
    }
}
