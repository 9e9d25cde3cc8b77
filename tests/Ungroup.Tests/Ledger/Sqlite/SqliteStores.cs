using Ungroup.Ledger;
using Ungroup.Ledger.Sqlite;
using Ungroup.Tests.Jobs;

namespace Ungroup.Tests.Ledger.Sqlite;

/// <summary>Stores on one file, as several processes would have them.</summary>
public sealed class SqliteStores : IAsyncDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("ungroup-rows-");
    private readonly List<SqliteLedgerStore> _stores = [];

    public async ValueTask DisposeAsync()
    {
        foreach (var store in _stores)
        {
            await store.DisposeAsync();
        }

        _directory.Delete(recursive: true);
    }

    internal SqliteLedgerStore Open(LedgerOwner owner, TimeProvider clock)
    {
        var store = new SqliteLedgerStore(Path.Combine(_directory.FullName, "ledger.db"), owner, clock);
        _stores.Add(store);
        return store;
    }
}

public sealed class SqliteRowsTests : RowStoreContract, IAsyncDisposable
{
    private readonly SqliteStores _stores = new();

    public ValueTask DisposeAsync() => _stores.DisposeAsync();

    private protected override IRowStore RowsOf(LedgerOwner owner) => _stores.Open(owner, TimeProvider.System).Rows;
}

public sealed class SqliteJobStoreTests : JobStoreContract, IAsyncDisposable
{
    private readonly SqliteStores _stores = new();

    public ValueTask DisposeAsync() => _stores.DisposeAsync();

    private protected override ILedgerStore StoreOf(LedgerOwner owner) => _stores.Open(owner, Clock);
}
