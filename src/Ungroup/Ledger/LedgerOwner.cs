namespace Ungroup.Ledger;

/// <summary>Names one process in the ledger. Never used twice, so that a restarted process is another owner.</summary>
internal sealed record LedgerOwner(string Id)
{
    public static LedgerOwner New() => new($"{Environment.MachineName.ToLowerInvariant()}-{Environment.ProcessId}-{Guid.NewGuid():N}");
}
