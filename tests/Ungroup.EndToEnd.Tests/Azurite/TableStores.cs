using Ungroup.Ledger;
using Ungroup.Ledger.Table;
using Ungroup.Tests.Jobs;
using Ungroup.Tests.Ledger;

namespace Ungroup.EndToEnd.Tests.Azurite;

/// <summary>A store for each owner, as processes have them, and one table.</summary>
public sealed class TableStores(StorageAccount storage) : Stores
{
    private LedgerOptions? _ledger;

    public override TimeProvider Clock => TimeProvider.System;

    public override TimeSpan Lease => TimeSpan.FromSeconds(3);

    public override async Task PrepareAsync() => _ledger = await storage.NewLedgerAsync();

    // The store's clock has whole seconds, and a lease may look up to one longer than it is.
    public override Task PassAsync(TimeSpan time) =>
        Task.Delay(time < Lease ? time : time + TimeSpan.FromSeconds(1), Clock, TestContext.Current.CancellationToken);

    public override async ValueTask DisposeAsync()
    {
        if (_ledger is not null)
        {
            await StorageAccount.DeleteAsync(_ledger);
        }

        await base.DisposeAsync();
    }

    internal override ILedgerStore Open(LedgerOwner owner) => TableOpening.Open(_ledger!, () => throw new NotSupportedException(), new(), Clock, () => 0.5);
}

public sealed class TableLedgerTests(StorageAccount storage) : LedgerContract(new TableStores(storage));

public sealed class TableRowsTests(StorageAccount storage) : RowStoreContract(new TableStores(storage));

public sealed class TableJobStoreTests(StorageAccount storage) : JobStoreContract(new TableStores(storage));
