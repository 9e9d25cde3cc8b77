using System.Runtime.InteropServices;

namespace Ungroup.Quotas;

/// <summary>Who has asked for a quota lately.</summary>
/// <param name="AskedAt">When somebody asked, or found no room to.</param>
/// <param name="UpstreamWaits">When an ordinary request last had to wait.</param>
/// <param name="WaitsUntil">Until when the last one that had to wait does.</param>
/// <param name="BudgetedAt">When messages were last received by this quota's budget alone.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Demand(DateTimeOffset AskedAt, DateTimeOffset UpstreamWaits, DateTimeOffset WaitsUntil, DateTimeOffset BudgetedAt)
{
    private static readonly TimeSpan CleanupYields = TimeSpan.FromSeconds(5);

    /// <summary>Until when a clean-up leaves its turn to others.</summary>
    public DateTimeOffset CleanupsFrom => UpstreamWaits == default ? default : UpstreamWaits + CleanupYields;

    /// <summary>Whoever has not asked for a whole window has no work, and leaves its share to the others.</summary>
    public bool IsWanted(DateTimeOffset now) => now - AskedAt <= WindowStart.Length;
}
