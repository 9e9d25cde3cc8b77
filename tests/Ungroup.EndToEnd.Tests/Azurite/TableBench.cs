using System.Text;
using Microsoft.Extensions.Options;
using Ungroup.Ledger;
using Ungroup.Ledger.Table;
using Ungroup.Messages;
using Ungroup.Tests.Support;

namespace Ungroup.EndToEnd.Tests.Azurite;

/// <summary>A Table ledger in the test's hands, and the network between them.</summary>
internal sealed class TableBench : IAsyncDisposable
{
    private TableBench(LedgerOptions options, StorageNetwork network)
    {
        Options = options;
        Network = network;
        Store = Network.Open(options);
        Ledger = LedgerOf("one");
        Network.Forget();
    }

    public LedgerOptions Options { get; }

    public StorageNetwork Network { get; }

    public TableLedgerStore Store { get; }

    public RemovalLedger Ledger { get; }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static async Task<TableBench> StartAsync(StorageAccount storage, StorageNetwork? network = null) =>
        new(await storage.NewLedgerAsync(), network ?? new());

    public RemovalLedger LedgerOf(string owner) => new(Store, new(owner), Microsoft.Extensions.Options.Options.Create(Options), TimeProvider.System);

    public static OutcomeEvent Event(string json = "{}") => new("id-1", "ungroup.removal.Removed.v1", "i-bp1web1", Encoding.UTF8.GetBytes(json));

    public async Task<Lease> ClaimAsync(string requestId = "r-1", DateTimeOffset? deadline = null) => Assert.IsType<Claim.Granted>(
        await Ledger.ClaimAsync(Some.Request(requestId), "m-1", deadline ?? TimeProvider.System.GetUtcNow().AddDays(1), Stop)).Lease;

    public async Task<StoredRecord> DecideAsync(string requestId = "r-1", string json = "{}")
    {
        var lease = await ClaimAsync(requestId);
        Assert.True(await Ledger.DecideAsync(lease, Event(json), Stop));
        return lease.Stored;
    }

    public async ValueTask DisposeAsync()
    {
        Network.Happens = _ => Mishap.None;
        await StorageAccount.DeleteAsync(Options);
        Network.Dispose();
    }
}
