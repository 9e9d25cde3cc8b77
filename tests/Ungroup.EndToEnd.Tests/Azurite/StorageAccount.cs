using Azure.Data.Tables;
using Ungroup.EndToEnd.Tests.Azurite;
using Ungroup.Ledger;

[assembly: AssemblyFixture(typeof(StorageAccount))]

namespace Ungroup.EndToEnd.Tests.Azurite;

/// <summary>
/// A storage account for tests of the Table ledger: the one that UNGROUP_STORAGE names, or Azurite, started by the first
/// test that asks for it and shared by all. A test that finds neither is skipped.
/// </summary>
public sealed class StorageAccount : IAsyncDisposable
{
    private static readonly string? Given = Environment.GetEnvironmentVariable("UNGROUP_STORAGE");

    private readonly SemaphoreSlim _starting = new(1);
    private AzuriteProcess? _azurite;

    /// <summary>Skips the test where there is no account.</summary>
    public async Task<string> ConnectionStringAsync()
    {
        Assert.SkipUnless(
            Given is { Length: > 0 } || AzuriteProcess.IsInstalled,
            "No storage account: run `npm ci` in tests/Ungroup.EndToEnd.Tests/Interop, with Node.js 20 or newer on the PATH, or set "
            + "UNGROUP_STORAGE to a connection string.");
        if (Given is { Length: > 0 })
        {
            return Given;
        }

        await _starting.WaitAsync();
        try
        {
            return (_azurite ??= await AzuriteProcess.StartAsync()).ConnectionString;
        }
        finally
        {
            _starting.Release();
        }
    }

    /// <summary>Settings of a Table ledger that nobody else has.</summary>
    internal async Task<LedgerOptions> NewLedgerAsync() => new()
    {
        Kind = LedgerKind.Table,
        ConnectionString = await ConnectionStringAsync(),
        Table = $"t{Guid.NewGuid():N}",
    };

    /// <summary>Azurite's tables go with it; those of a real account would stay.</summary>
    internal static async Task DeleteAsync(LedgerOptions ledger) =>
        await new TableServiceClient(ledger.ConnectionString).DeleteTableAsync(ledger.Table, CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        if (_azurite is not null)
        {
            await _azurite.DisposeAsync();
        }

        _starting.Dispose();
    }
}
