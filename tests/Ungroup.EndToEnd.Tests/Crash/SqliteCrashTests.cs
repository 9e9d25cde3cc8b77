namespace Ungroup.EndToEnd.Tests.Crash;

public sealed class SqliteCrashTests : CrashContract
{
    private protected override Task<WorkerLedger> LedgerInAsync(DirectoryInfo folder) => Task.FromResult(WorkerLedger.Sqlite(folder));
}
