using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Ungroup.Ledger;
using Ungroup.Ledger.Memory;
using Ungroup.Ledger.Sqlite;
using Ungroup.Ledger.Table;

namespace Ungroup.Benchmarks.Ledgers;

/// <summary>A new, empty ledger, and the requests that go from it to a server.</summary>
internal sealed class OpenLedger : IAsyncDisposable
{
    private readonly Func<Task> _close;
    private readonly Wire? _wire;
    private readonly DirectoryInfo? _home;

    private OpenLedger(ILedgerStore store, LedgerOptions options, Func<Task> close, Wire? wire = null, DirectoryInfo? home = null)
    {
        (_close, _wire, _home) = (close, wire, home);
        Ledger = new(store, LedgerOwner.New(), Microsoft.Extensions.Options.Options.Create(options), TimeProvider.System);
        Store = store;
    }

    public ILedgerStore Store { get; }

    public RemovalLedger Ledger { get; }

    public int RoundTrips => _wire?.Count ?? 0;

    /// <summary>Its size on disk, its write-ahead log left out.</summary>
    public long FileBytes => _home is null ? 0 : new FileInfo(Path.Combine(_home.FullName, "ledger.db")).Length;

    public static OpenLedger Memory() => new(new MemoryLedgerStore(TimeProvider.System), new(), () => Task.CompletedTask);

    public static OpenLedger Sqlite()
    {
        // Beside the program and not under /tmp, which may be memory: the ledger syncs to a disk.
        var home = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, $"ledger-{Guid.NewGuid():N}"));
        var store = new SqliteLedgerStore(Path.Combine(home.FullName, "ledger.db"), LedgerOwner.New(), TimeProvider.System);
        return new(store, new(), async () =>
        {
            await store.DisposeAsync();
            home.Delete(recursive: true);
        }, home: home);
    }

    public static OpenLedger Table(AzuriteServer azurite)
    {
        var options = new LedgerOptions { Kind = LedgerKind.Table, ConnectionString = azurite.ConnectionString, Table = $"t{Guid.NewGuid():N}" };
        var wire = new Wire();
        var store = TableOpening.Open(
            options, () => throw new NotSupportedException(), new TableClientOptions { Transport = new HttpClientTransport(wire) },
            TimeProvider.System, () => 0.5);
        return new(store, options, async () =>
        {
            await new TableServiceClient(options.ConnectionString).DeleteTableAsync(options.Table);
            wire.Dispose();
        }, wire);
    }

    public ValueTask DisposeAsync() => new(_close());

    private sealed class Wire() : DelegatingHandler(new SocketsHttpHandler { MaxConnectionsPerServer = 50 })
    {
        private int _count;

        public int Count => _count;

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _count);
            return base.SendAsync(request, cancellationToken);
        }
    }
}
