using Azure.Core;
using Azure.Identity;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Ungroup.Functions.Setup;

namespace Ungroup.Functions.Tests;

public sealed class LedgerSetupTests
{
    [Fact]
    public void The_ledger_is_a_table_in_the_account_the_app_has_anyway() =>
        Assert.Equal(("Table", "UseDevelopmentStorage=true", null), Ledger(("AzureWebJobsStorage", "UseDevelopmentStorage=true")));

    [Theory]
    [InlineData("AzureWebJobsStorage:accountName", "ungroupstore")]
    [InlineData("AzureWebJobsStorage:tableServiceUri", "https://ungroupstore.table.core.windows.net")]
    public void With_an_identity_the_endpoint_is_that_accounts(string name, string value) =>
        Assert.Equal(("Table", null, "https://ungroupstore.table.core.windows.net"), Ledger((name, value)));

    [Fact]
    public void Settings_of_its_own_win()
    {
        Assert.Equal(
            ("Table", null, "https://other.table.core.windows.net"),
            Ledger(("AzureWebJobsStorage", "UseDevelopmentStorage=true"), ("Ledger:Endpoint", "https://other.table.core.windows.net")));
        Assert.Equal(
            ("Table", "other", null), Ledger(("AzureWebJobsStorage:accountName", "ungroupstore"), ("Ledger:ConnectionString", "other")));
        Assert.Equal("Sqlite", Ledger(("Ledger:Kind", "Sqlite")).Kind);
    }

    [Theory]
    [InlineData("AzureWebJobsStorage:clientId", "11111111-1111-1111-1111-111111111111", "11111111-1111-1111-1111-111111111111")]
    [InlineData("AzureWebJobsStorage:clientId", "", null)]
    [InlineData("AzureWebJobsStorage:accountName", "ungroupstore", null)]
    public void The_ledger_is_reached_as_the_identity_the_storage_account_names(string name, string value, string? clientId)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new(name, value)]).Build();

        Assert.Equal(clientId ?? new DefaultAzureCredentialOptions().ManagedIdentityClientId, LedgerSetup.Identity(configuration).ManagedIdentityClientId);
    }

    [Fact]
    public void There_is_a_credential_for_the_ledger()
    {
        using var services = new ServiceCollection().AddLedgerIdentity(new ConfigurationBuilder().Build()).BuildServiceProvider();

        Assert.IsType<DefaultAzureCredential>(services.GetRequiredService<TokenCredential>());
    }

    private static (string? Kind, string? ConnectionString, string? Endpoint) Ledger(params (string Name, string Value)[] settings)
    {
        using var configuration = new ConfigurationManager();
        configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Name, (string?)setting.Value)));
        var ledger = configuration.WithLedgerDefaults().GetSection("Ledger");
        return (ledger["Kind"], ledger["ConnectionString"], ledger["Endpoint"]);
    }
}
