using Ungroup.Ledger;
using Ungroup.Ledger.Table;

namespace Ungroup.Tests.Ledger.Table;

public sealed class ValidateTableTests
{
    private const string Key = "c3RvcmFnZS1rZXk=";

    [Theory]
    [InlineData("UseDevelopmentStorage=true")]
    [InlineData($"DefaultEndpointsProtocol=https;AccountName=ungroupstore;AccountKey={Key};EndpointSuffix=core.windows.net")]
    [InlineData("TableEndpoint=https://ungroupstore.table.core.windows.net/;SharedAccessSignature=sv=2024&sig=x")]
    public void An_account_may_be_named_by_a_connection_string(string text) =>
        Assert.Empty(Problems(new() { ConnectionString = text }));

    [Fact]
    public void An_account_may_be_named_by_its_endpoint() =>
        Assert.Empty(Problems(new() { Endpoint = "https://ungroupstore.table.core.windows.net" }));

    [Fact]
    public void No_account_and_two_accounts_are_both_one_sentence()
    {
        Assert.StartsWith("Ledger:Kind is Table and no storage account is named; set Ledger:ConnectionString, or Ledger:Endpoint", Problem(new()), StringComparison.Ordinal);
        Assert.StartsWith(
            "Ledger:ConnectionString and Ledger:Endpoint are both set",
            Problem(new() { ConnectionString = "UseDevelopmentStorage=true", Endpoint = "https://ungroupstore.table.core.windows.net" }),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ungroupstore")]
    [InlineData($"AccountName=ungroupstore;AccountKey={Key};;;=")]
    [InlineData($"AccountKey={Key}")]
    public void A_connection_string_that_cannot_be_read_is_not_repeated(string text)
    {
        var problem = Problem(new() { ConnectionString = text });

        Assert.StartsWith("Ledger:ConnectionString cannot be read; expected", problem, StringComparison.Ordinal);
        Assert.DoesNotContain(Key, problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://ungroupstore.table.core.windows.net")]
    [InlineData("ungroupstore")]
    [InlineData("https://ungroupstore.table.core.windows.net/?sig=x")]
    public void An_endpoint_is_https_and_nothing_else(string text) =>
        Assert.Equal($"Ledger:Endpoint is '{text}'; expected https://ACCOUNT.table.core.windows.net.", Problem(new() { Endpoint = text }));

    [Theory]
    [InlineData("un")]
    [InlineData("1ungroup")]
    [InlineData("un-group")]
    [InlineData("Tables")]
    public void A_name_no_table_can_have_is_told_with_what_is_expected(string name) =>
        Assert.Equal(
            $"Ledger:Table is '{name}'; expected 3 to 63 of A-Z a-z 0-9, beginning with a letter.",
            Problem(new() { ConnectionString = "UseDevelopmentStorage=true", Table = name }));

    [Fact]
    public void Other_ledgers_need_no_account() => Assert.False(new ValidateTable().Validate(null, new() { Table = "-" }).Failed);

    private static string Problem(LedgerOptions options) => Assert.Single(Problems(options));

    private static IEnumerable<string> Problems(LedgerOptions options)
    {
        options.Kind = LedgerKind.Table;
        return new ValidateTable().Validate(null, options).Failures ?? [];
    }
}
