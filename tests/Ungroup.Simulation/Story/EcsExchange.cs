using System.Globalization;
using System.Runtime.InteropServices;
using Ungroup.Ledger;
using Ungroup.Pace;
using Ungroup.Simulation.Plan;

namespace Ungroup.Simulation.Story;

/// <summary>One call of ECS, and what was true when it began.</summary>
internal sealed record EcsExchange(int Number, string Process, string Action, string Account, string Region, string Resource, string Group)
{
    /// <summary>The message on whose behalf; null for the sweep.</summary>
    public Letter? Letter { get; init; }

    public required string Owner { get; init; }

    public bool IsLockKnownLost { get; init; }

    /// <summary>What the store held of the request at that moment, by the store's clock.</summary>
    public StoredRecord? Held { get; init; }

    public DateTimeOffset WorkerTime { get; init; }

    /// <summary>When the gates let it through, in truth and by the worker's clock, which for a removal is before its record was written.</summary>
    public (DateTimeOffset At, DateTimeOffset WorkerTime) PassedAt { get; init; }

    /// <summary>What the process took its quota for at that moment.</summary>
    public PaceBelief Belief { get; init; }

    public bool IsProtected { get; init; }

    public bool IsLeave => Action == "LeaveSecurityGroup";

    public string Quota => $"{Process}/{Account}/{Region}/{Action}";

    public override string ToString() => $"{Action} {Number} {Account}/{Region} {Resource} {Group}";
}

/// <summary>What a process takes a quota for: how it comes back, and when, by the clock of the process, its minute has begun and such minutes begin.</summary>
/// <param name="Quota">What is known of it; null where nobody has asked yet.</param>
/// <param name="MinuteStart">When its minute has begun.</param>
/// <param name="Turn">When such minutes begin.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct PaceBelief(QuotaKnowledge? Quota, DateTimeOffset MinuteStart, TurnOfMinute Turn)
{
    public QuotaShape Shape => Quota?.Shape ?? default;

    public override string ToString() =>
        Quota is null ? "nothing" : string.Create(CultureInfo.InvariantCulture, $"{Quota.Basis} {Quota.PerMinute:0.#} a minute, {Quota.Shape}, since {MinuteStart:mm:ss}");
}
