using Azure.Core;
using Azure.Identity;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Ungroup.Functions.Setup;

/// <summary>The app's ledger: a table in the app's own storage account, unless its settings name another.</summary>
internal static class LedgerSetup
{
    // The account every function app is given, by the names the Functions host itself reads.
    private const string Storage = "AzureWebJobsStorage";

    public static IServiceCollection AddLedgerIdentity(this IServiceCollection services, IConfiguration configuration) =>
        services.AddSingleton<TokenCredential>(_ => new DefaultAzureCredential(Identity(configuration)));

    public static IConfigurationManager WithLedgerDefaults(this IConfigurationManager configuration)
    {
        var ledger = configuration.GetSection("Ledger");
        if (ledger["Kind"] is null)
        {
            configuration.AddInMemoryCollection([new("Ledger:Kind", "Table")]);
        }

        if (ledger["ConnectionString"] is null && ledger["Endpoint"] is null)
        {
            configuration.AddInMemoryCollection(Account(configuration));
        }

        return configuration;
    }

    private static IEnumerable<KeyValuePair<string, string?>> Account(IConfiguration configuration)
    {
        if (configuration[$"{Storage}:tableServiceUri"] is { Length: > 0 } address)
        {
            yield return new("Ledger:Endpoint", address);
        }
        else if (configuration[$"{Storage}:accountName"] is { Length: > 0 } account)
        {
            yield return new("Ledger:Endpoint", $"https://{account}.table.core.windows.net");
        }
        else if (configuration[Storage] is { Length: > 0 } connectionString)
        {
            yield return new("Ledger:ConnectionString", connectionString);
        }
    }

    internal static DefaultAzureCredentialOptions Identity(IConfiguration configuration)
    {
        var options = new DefaultAzureCredentialOptions();

        // Else AZURE_CLIENT_ID counts, which the options have read already.
        if (configuration[$"{Storage}:clientId"] is { Length: > 0 } clientId)
        {
            options.ManagedIdentityClientId = clientId;
        }

        return options;
    }
}
