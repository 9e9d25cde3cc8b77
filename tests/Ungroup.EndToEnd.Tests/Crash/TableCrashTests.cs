using Ungroup.EndToEnd.Tests.Azurite;

namespace Ungroup.EndToEnd.Tests.Crash;

public sealed class TableCrashTests(StorageAccount storage) : CrashContract
{
    private protected override async Task<WorkerLedger> LedgerInAsync(DirectoryInfo folder) => WorkerLedger.Table(await storage.NewLedgerAsync());
}
