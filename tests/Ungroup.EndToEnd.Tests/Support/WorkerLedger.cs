using Ungroup.Ledger;

namespace Ungroup.EndToEnd.Tests.Support;

/// <summary>Where a worker process keeps its ledger, as it is told: by arguments and, where there is no argument for it, by settings.</summary>
internal sealed record WorkerLedger(IReadOnlyList<string> Arguments, IReadOnlyList<(string Name, string Value)> Settings)
{
    public static WorkerLedger Sqlite(DirectoryInfo folder) =>
        new(["--ledger", "sqlite", "--ledger-path", Path.Combine(folder.FullName, "ledger.db")], []);

    /// <summary>No other machine can tell that a worker has died, so that its leases have to run out: they are short here.</summary>
    public static WorkerLedger Table(LedgerOptions ledger) => new(
        ["--ledger", "table"],
        [
            ("UNGROUP__Ledger__ConnectionString", ledger.ConnectionString!), ("UNGROUP__Ledger__Table", ledger.Table),
            ("UNGROUP__Ledger__Lease", "00:00:35"), ("UNGROUP__Ecs__LeaveTimeout", "00:00:05"),
        ]);
}
