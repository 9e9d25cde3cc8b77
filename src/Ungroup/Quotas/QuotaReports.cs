using System.Runtime.InteropServices;
using Ungroup.Quotas.Windows;

namespace Ungroup.Quotas;

/// <summary>Until when a call has to wait for its quota, and why.</summary>
internal sealed record QuotaWait(QuotaKey Key, DateTimeOffset Until, string Reason)
{
    /// <summary>The quota is open, and the call has to wait for its turn.</summary>
    public bool IsTurn { get; init; }

    public string Name => Key.ToString();
}

/// <summary>What a refusal means for this instance.</summary>
/// <param name="Until">Nothing is called before.</param>
/// <param name="State">What the quota is to this instance now.</param>
/// <param name="IsUnexpected">Nobody was looking for the edge.</param>
/// <param name="ByOthers">The fleet had used clearly less than its quota: somebody else has.</param>
internal sealed record QuotaRefusal(DateTimeOffset Until, QuotaState State, bool IsUnexpected, bool ByOthers);

/// <param name="Refused">Calls that ECS refused because the quota was used up, by whomever, expected or not.</param>
/// <param name="ByOthers">Those of them that were refused although the fleet had used less than its quota.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct QuotaCounts(long Refused, long ByOthers);

/// <summary>What is known of a quota, and what this instance makes of it.</summary>
/// <param name="Key">Which one.</param>
/// <param name="Estimate">What the fleet has learned.</param>
/// <param name="State">What it is just now.</param>
/// <param name="PerSecond">Calls a second this instance may make over a while.</param>
/// <param name="Demand">Who has asked for it.</param>
/// <param name="Counts">What was refused.</param>
/// <param name="Closed">Until when nothing is called because ECS has refused; null where it has not.</param>
/// <param name="Window">When this window started.</param>
internal sealed record QuotaLook(
    QuotaKey Key, QuotaEstimate Estimate, QuotaState State, double PerSecond, Demand Demand, QuotaCounts Counts, QuotaWait? Closed, DateTimeOffset Window);
