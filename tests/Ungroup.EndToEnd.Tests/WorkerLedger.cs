namespace Ungroup.EndToEnd.Tests;

/// <summary>Where a worker process keeps its ledger, as it is told: by arguments and, where there is no argument for it, by settings.</summary>
internal sealed record WorkerLedger(IReadOnlyList<string> Arguments, IReadOnlyList<(string Name, string Value)> Settings)
{
    public static WorkerLedger Sqlite(DirectoryInfo folder) =>
        new(["--ledger", "sqlite", "--ledger-path", Path.Combine(folder.FullName, "ledger.db")], []);
}
