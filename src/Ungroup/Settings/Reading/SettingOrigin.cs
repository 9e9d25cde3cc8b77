using Microsoft.Extensions.Configuration;

namespace Ungroup.Settings.Reading;

/// <summary>Where a setting was written and by which name, so that its reader knows what to change.</summary>
internal static class SettingOrigin
{
    /// <summary>" (environment variable UNGROUP__Ecs__QuickTries)"; empty where nobody can tell.</summary>
    public static string Of(IConfiguration configuration, string path) => Find(configuration, path) is { } origin ? $" ({origin})" : "";

    private static string? Find(IConfiguration configuration, string path)
    {
        foreach (var provider in (configuration as IConfigurationRoot)?.Providers.Reverse() ?? [])
        {
            if (provider is ChainedConfigurationProvider chained)
            {
                if (Find(chained.Configuration, path) is { } origin)
                {
                    return origin;
                }
            }
            else if (provider.TryGet(path, out _) || provider.GetChildKeys([], path).Any())
            {
                return Name(provider, path);
            }
        }

        return null;
    }

    // The providers are in packages that only the hosts need; each prints its file or prefix between quotes.
    private static string? Name(IConfigurationProvider provider, string path)
    {
        var quoted = provider.ToString()?.Split('\'') is [_, var text, ..] ? text : "";
        return provider.GetType().Name switch
        {
            "EnvironmentVariablesConfigurationProvider" => $"environment variable {quoted}{path.Replace(":", "__", StringComparison.Ordinal)}",
            "CommandLineConfigurationProvider" => "command line",
            _ => quoted.Length > 0 ? $"file {quoted}" : null,
        };
    }
}
