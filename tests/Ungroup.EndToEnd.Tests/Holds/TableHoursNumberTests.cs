using Ungroup.EndToEnd.Tests.Azurite;

namespace Ungroup.EndToEnd.Tests.Holds;

public sealed class TableHoursNumberTests(StorageAccount storage) : HoursNumberContract
{
    private protected override async Task<WorkerLedger> LedgerInAsync(DirectoryInfo folder) => WorkerLedger.Table(await storage.NewLedgerAsync());
}
