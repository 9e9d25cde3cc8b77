using Ungroup.Ledger;
using Ungroup.Ledger.Table;
using Ungroup.Tests.Jobs;
using Ungroup.Tests.Ledger;

namespace Ungroup.EndToEnd.Tests.Azurite;

public sealed class TableRowsTests(StorageAccount storage) : RowStoreContract, IAsyncLifetime
{
    private LedgerOptions? _ledger;

    public async ValueTask InitializeAsync() => _ledger = await storage.NewLedgerAsync();

    public async ValueTask DisposeAsync()
    {
        if (_ledger is not null)
        {
            await StorageAccount.DeleteAsync(_ledger);
        }
    }

    private protected override IRowStore RowsOf(LedgerOwner owner) =>
        TableOpening.Open(_ledger!, () => throw new NotSupportedException(), new(), TimeProvider.System, () => 0.5).Rows;
}

public sealed class TableJobStoreTests(StorageAccount storage) : JobStoreContract, IAsyncLifetime
{
    private LedgerOptions? _ledger;

    protected override TimeProvider Clock => TimeProvider.System;

    protected override TimeSpan Lease => TimeSpan.FromSeconds(3);

    public async ValueTask InitializeAsync() => _ledger = await storage.NewLedgerAsync();

    public async ValueTask DisposeAsync()
    {
        if (_ledger is not null)
        {
            await StorageAccount.DeleteAsync(_ledger);
        }
    }

    private protected override ILedgerStore StoreOf(LedgerOwner owner) =>
        TableOpening.Open(_ledger!, () => throw new NotSupportedException(), new(), Clock, () => 0.5);

    // The store's clock has whole seconds, and a lease may look up to one longer than it is.
    protected override Task PassAsync(TimeSpan time) => Task.Delay(time + TimeSpan.FromSeconds(1), Clock, TestContext.Current.CancellationToken);
}
