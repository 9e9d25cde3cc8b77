using Microsoft.Extensions.Logging;
using Ungroup.Ledger;
using Ungroup.Ledger.Sqlite;
using Ungroup.Tests.Jobs;

namespace Ungroup.Tests.Ledger.Sqlite;

/// <summary>Stores on one file, as several processes would have them.</summary>
public sealed class SqliteStores : Stores
{
    private readonly List<SqliteLedgerStore> _stores = [];

    public DirectoryInfo Directory { get; } = System.IO.Directory.CreateTempSubdirectory("ungroup-ledger-");

    public string Path => System.IO.Path.Combine(Directory.FullName, "ledger.db");

    public override async ValueTask DisposeAsync()
    {
        foreach (var store in _stores)
        {
            await store.DisposeAsync();
        }

        Directory.Delete(recursive: true);
        await base.DisposeAsync();
    }

    internal override ILedgerStore Open(LedgerOwner owner) => Open(owner, log: null);

    internal SqliteLedgerStore Open(LedgerOwner owner, ILogger<SqliteLedgerStore>? log)
    {
        var store = new SqliteLedgerStore(Path, owner, Clock, log);
        _stores.Add(store);
        return store;
    }
}

public sealed class SqliteRowsTests() : RowStoreContract(new SqliteStores());

public sealed class SqliteJobStoreTests() : JobStoreContract(new SqliteStores());
