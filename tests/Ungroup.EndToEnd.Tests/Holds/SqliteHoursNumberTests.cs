namespace Ungroup.EndToEnd.Tests.Holds;

public sealed class SqliteHoursNumberTests : HoursNumberContract
{
    private protected override Task<WorkerLedger> LedgerInAsync(DirectoryInfo folder) => Task.FromResult(WorkerLedger.Sqlite(folder));
}
