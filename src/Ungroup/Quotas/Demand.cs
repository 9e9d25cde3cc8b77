using System.Runtime.InteropServices;
using Ungroup.Messages;
using Ungroup.Quotas.Windows;

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

    public Demand Asked(Origin origin, DateTimeOffset now, DateTimeOffset? waitsUntil) => this with
    {
        AskedAt = now,
        UpstreamWaits = origin == Origin.Upstream && waitsUntil is not null ? now : UpstreamWaits,
        WaitsUntil = waitsUntil ?? WaitsUntil,
    };

    /// <summary>An instance that is held back has work, for all that is known.</summary>
    public Demand Budgeted(DateTimeOffset now, bool isHeldBack, bool isOnly) => this with
    {
        AskedAt = isHeldBack && IsWanted(now) ? now : AskedAt,
        BudgetedAt = isOnly ? now : BudgetedAt,
    };
}
