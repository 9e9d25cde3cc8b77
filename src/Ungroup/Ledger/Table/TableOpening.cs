using Azure;
using Azure.Core;
using Azure.Data.Tables;

namespace Ungroup.Ledger.Table;

/// <summary>Opens or makes the table and writes to it once, so that a wrong account, key or name is found at the start.</summary>
internal static class TableOpening
{
    public const string EndpointSetting = "Ledger:Endpoint";
    private const string ConnectionStringSetting = "Ledger:ConnectionString";

    private const int Format = 1;

    // The service gives up after 30 s, for which a lease has no time; the next try mostly meets a partition that has moved.
    private static readonly TimeSpan LongestTry = TimeSpan.FromSeconds(10);

    public static TableLedgerStore Open(
        LedgerOptions options, Func<TokenCredential> credential, TableClientOptions client, TimeProvider clock, Func<double> chance)
    {
        client.Retry.MaxRetries = 0;
        client.Retry.NetworkTimeout = client.Retry.NetworkTimeout < LongestTry ? client.Retry.NetworkTimeout : LongestTry;
        var (table, setting) = options.Endpoint is { Length: > 0 } endpoint
            ? (new TableClient(new(endpoint), options.Table, new LedgerCredential(credential()), client), EndpointSetting)
            : (new TableClient(options.ConnectionString, options.Table, client), ConnectionStringSetting);
        var calls = new TableCalls(new(table, setting), clock, chance);
        Check(table, calls).GetAwaiter().GetResult();
        return new(table, calls, clock);
    }

    private static async Task Check(TableClient table, TableCalls calls)
    {
        await calls.RunAsync(_ => CreateAsync(table), CancellationToken.None);
        var about = new TableEntity("about", "about") { ["Format"] = Format };
        var found = await calls.RunAsync(_ => TableRow.FindAsync(table, about.PartitionKey, about.RowKey, CancellationToken.None), CancellationToken.None);
        if (found?.Entity.GetInt32("Format") is { } format and not Format)
        {
            throw new LedgerUnavailableException(
                $"The ledger {table.Name} was written by another version of Ungroup (rows {format}, expected {Format}); let that version "
                + "finish what is in the queue, then name a new table (Ledger:Table).");
        }

        await calls.RunAsync(_ => table.UpsertEntityAsync(about, TableUpdateMode.Replace), CancellationToken.None);
    }

    private static async Task<bool> CreateAsync(TableClient table)
    {
        try
        {
            await table.CreateIfNotExistsAsync();
            return true;
        }
        catch (RequestFailedException error) when (error.Status == 403)
        {
            // An identity without the right to make tables may still use one that is there; the write that follows finds out.
            return false;
        }
    }
}
