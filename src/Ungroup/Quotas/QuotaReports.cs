using System.Runtime.InteropServices;
using Ungroup.Messages;
using Ungroup.Quotas.Windows;

namespace Ungroup.Quotas;

internal sealed record QuotaWait(QuotaKey Key, DateTimeOffset Until, string Reason)
{
    public bool IsTurn { get; init; }

    public string Name => Key.ToString();
}

/// <summary>A quota as it is known, and what this instance makes of it: calls a second over a while, and until when it calls nothing after a refusal.</summary>
internal sealed record QuotaLook(
    QuotaKey Key, QuotaEstimate Estimate, QuotaState State, double PerSecond, Demand Demand, (long Refused, long ByOthers) Counts,
    QuotaWait? Closed, DateTimeOffset Window);

/// <summary>When somebody asked for a quota or found no room to, who had to wait, and when messages were last received by this quota's budget alone.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Demand(DateTimeOffset AskedAt, DateTimeOffset OthersWait, DateTimeOffset WaitsUntil, DateTimeOffset BudgetedAt)
{
    private static readonly TimeSpan CleanupYields = TimeSpan.FromSeconds(5);

    public DateTimeOffset CleanupsFrom => OthersWait == default ? default : OthersWait + CleanupYields;

    /// <summary>An instance that has not asked for a whole window has no work, and leaves its share to the others.</summary>
    public bool IsWanted(DateTimeOffset now) => now - AskedAt <= WindowStart.Length;

    public Demand Asked(Origin origin, DateTimeOffset now, DateTimeOffset? waitsUntil) => this with
    {
        AskedAt = now,
        OthersWait = origin != Origin.Cleanup && waitsUntil is not null ? now : OthersWait,
        WaitsUntil = waitsUntil ?? WaitsUntil,
    };

    /// <summary>An instance that is held back has work, for all that is known.</summary>
    public Demand Budgeted(DateTimeOffset now, bool isHeldBack, bool isOnly) => this with
    {
        AskedAt = isHeldBack && IsWanted(now) ? now : AskedAt,
        BudgetedAt = isOnly ? now : BudgetedAt,
    };
}
