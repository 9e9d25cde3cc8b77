using Microsoft.Extensions.Configuration;

namespace Ungroup.Cli.Worker;

internal static class AccountDefaults
{
    private const string Section = "Accounts";

    /// <summary>One account with credentials from the environment; an account that was given a key uses it.</summary>
    public static IConfigurationRoot WithAccountDefaults(this IConfigurationRoot settings)
    {
        var accounts = settings.GetSection(Section).GetChildren().ToList();
        if (accounts.TrueForAll(account => account["Credentials"] is null && account["AccessKeyId"] is null))
        {
            settings["Accounts:default:Credentials"] = "Environment";
        }

        foreach (var account in accounts.Where(account => account["Credentials"] is null && account["AccessKeyId"] is not null))
        {
            settings[$"{account.Path}:Credentials"] = "Static";
        }

        return settings;
    }
}
