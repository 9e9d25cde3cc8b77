using Microsoft.Extensions.Configuration;

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

    private static (string? Kind, string? ConnectionString, string? Endpoint) Ledger(params (string Name, string Value)[] settings)
    {
        using var configuration = new ConfigurationManager();
        configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Name, (string?)setting.Value)));
        var ledger = configuration.WithLedgerDefaults().GetSection("Ledger");
        return (ledger["Kind"], ledger["ConnectionString"], ledger["Endpoint"]);
    }
}
