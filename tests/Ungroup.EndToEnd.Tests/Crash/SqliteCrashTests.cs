namespace Ungroup.EndToEnd.Tests.Crash;

public sealed class SqliteCrashTests : CrashContract
{
    private protected override WorkerLedger LedgerIn(DirectoryInfo folder) => WorkerLedger.Sqlite(folder);
}
