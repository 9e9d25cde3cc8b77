using Azure.Data.Tables;
using Ungroup.Ledger;
using Ungroup.Ledger.Table;
using Ungroup.Tests.Ledger;

namespace Ungroup.EndToEnd.Tests.Azurite;

/// <summary>A table that an earlier version has begun.</summary>
public sealed class TableEarlierLedgerTests(StorageAccount storage) : EarlierLedgerContract, IAsyncLifetime
{
    private LedgerOptions? _ledger;
    private TableLedgerStore? _store;

    protected override TimeProvider Clock => TimeProvider.System;

    private protected override ILedgerStore Store => _store!;

    private TableClient Table => new(_ledger!.ConnectionString, _ledger.Table);

    public async ValueTask InitializeAsync()
    {
        _ledger = await storage.NewLedgerAsync();
        _store = TableOpening.Open(_ledger, () => throw new NotSupportedException(), new(), Clock, () => 0.5);
        foreach (var row in EarlierTable.Rows)
        {
            await Table.UpsertEntityAsync(row, cancellationToken: Stop);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_ledger is not null)
        {
            await StorageAccount.DeleteAsync(_ledger);
        }
    }

    // The service judges a lease by when it took the row, which was a moment ago, and by whole seconds.
    protected override async Task EndLeasesAsync()
    {
        foreach (var row in EarlierTable.Rows.Where(row => row.ContainsKey("LeaseFor")))
        {
            await Table.UpsertEntityAsync(new TableEntity(row.PartitionKey, row.RowKey) { ["LeaseFor"] = "-00:00:02" }, cancellationToken: Stop);
        }
    }
}
