using System.Text.RegularExpressions;
using Azure.Data.Tables;
using Microsoft.Extensions.Options;

namespace Ungroup.Ledger.Table;

/// <summary>Never repeats a connection string: it holds a key.</summary>
internal sealed partial class ValidateTable : IValidateOptions<LedgerOptions>
{
    public ValidateOptionsResult Validate(string? name, LedgerOptions options)
    {
        List<string> problems = options.Kind == LedgerKind.Table ? [.. AccountProblems(options), .. NameProblems(options.Table)] : [];
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    private static IEnumerable<string> AccountProblems(LedgerOptions options)
    {
        switch (options.ConnectionString, options.Endpoint)
        {
            case (null or "", null or ""):
                yield return "Ledger:Kind is Table and no storage account is named; set Ledger:ConnectionString, or Ledger:Endpoint "
                    + "(https://ACCOUNT.table.core.windows.net) where this process has an identity of its own.";
                break;

            case ({ Length: > 0 }, { Length: > 0 }):
                yield return "Ledger:ConnectionString and Ledger:Endpoint are both set; expected one of them, so that there is no doubt where the ledger is.";
                break;

            case ({ Length: > 0 } text, _) when !IsConnectionString(text):
                yield return "Ledger:ConnectionString cannot be read; expected the connection string of a storage account, with AccountName and "
                    + "AccountKey, or UseDevelopmentStorage=true.";
                break;

            case (_, { Length: > 0 } text) when !IsEndpoint(text):
                yield return $"Ledger:Endpoint is '{text}'; expected https://ACCOUNT.table.core.windows.net.";
                break;
        }
    }

    private static IEnumerable<string> NameProblems(string table)
    {
        if (!TableName().IsMatch(table))
        {
            yield return $"Ledger:Table is '{table}'; expected 3 to 63 of A-Z a-z 0-9, beginning with a letter.";
        }
    }

    private static bool IsConnectionString(string text)
    {
        try
        {
            _ = new TableServiceClient(text);
            return true;
        }
        catch (Exception error) when (error is FormatException or ArgumentException or InvalidOperationException)
        {
            return false;
        }
    }

    // A token goes over TLS or not at all.
    private static bool IsEndpoint(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address)
        && address.Scheme == Uri.UriSchemeHttps && address.Query.Length == 0 && address.UserInfo.Length == 0;

    [GeneratedRegex("^(?!tables$)[a-z][a-z0-9]{2,62}$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex TableName();
}
