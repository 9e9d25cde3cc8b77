namespace Ungroup.EndToEnd.Tests.Crash;

public sealed class SqliteCrashTests : CrashContract
{
    [Fact]
    public Task A_broker_killed_ten_times_under_load_loses_nothing_and_nothing_is_done_twice() =>
        RunAsync(seed: 1, [.. Enumerable.Repeat(Victim.Broker, 10)]);

    private protected override Task<WorkerLedger> LedgerInAsync(DirectoryInfo folder) => Task.FromResult(WorkerLedger.Sqlite(folder));
}
