using System.Globalization;
using System.Runtime.InteropServices;
using Ungroup.Ledger;
using Ungroup.Quotas.Windows;
using Ungroup.Requests;
using Ungroup.Simulation.Plan;

namespace Ungroup.Simulation.Story;

/// <summary>One call of ECS, and what was true when it began.</summary>
internal sealed record EcsExchange(int Number, string Process, string Action, string Account, string Region, string Resource, string Group)
{
    /// <summary>The delivery on whose behalf; null for the sweep.</summary>
    public Receipt? Receipt { get; init; }

    /// <summary>The message on whose behalf; null for the sweep.</summary>
    public Letter? Letter => Receipt?.Letter;

    /// <summary>The request on whose behalf; null for what is about none.</summary>
    public LedgerKey? Key { get; init; }

    /// <summary>The same, as it was asked.</summary>
    public RemovalRequest? Request { get; init; }

    /// <summary>Every group that it names.</summary>
    public IReadOnlyList<string> Groups { get; init; } = [];

    /// <summary>Every instance or interface that a read asks for by its id.</summary>
    public IReadOnlyList<string> Named { get; init; } = [];

    /// <summary>Of a list of a group's members: where the page begins, or empty for the first; null where it is no list.</summary>
    public string? From { get; init; }

    /// <summary>Only asks whether it may be made.</summary>
    public bool IsDryRun { get; init; }

    public required string Owner { get; init; }

    public bool IsLockKnownLost { get; init; }

    /// <summary>The request as the store held it at that moment, by the store's clock.</summary>
    public StoredRecord? Held { get; init; }

    /// <summary>When it was sent, in truth.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>The same by the clock of the machine.</summary>
    public DateTimeOffset WorkerTime { get; init; }

    /// <summary>When the gates let it through, in truth and by the worker's clock, which for a removal is before its record was written.</summary>
    public (DateTimeOffset At, DateTimeOffset WorkerTime) PassedAt { get; init; }

    /// <summary>The process's belief about its quota at that moment.</summary>
    public QuotaBelief Belief { get; init; }

    public bool IsProtected { get; init; }

    public bool IsChange => !Action.StartsWith("Describe", StringComparison.Ordinal);

    /// <summary>Of a contain or a restore: of several changes, the outcome tells what came of them all.</summary>
    public bool IsOfContainment => Request is { Action: not RequestAction.Remove };

    /// <summary>Those of these groups that the resource is taken out of by the call.</summary>
    public IEnumerable<string> Leaves(IReadOnlyList<string> groups) => Action switch
    {
        "LeaveSecurityGroup" => Groups,
        "ModifyInstanceAttribute" or "ModifyNetworkInterfaceAttribute" => groups.Except(Groups, StringComparer.Ordinal),
        _ => [],
    };

    public string Quota => $"{Process}/{Account}/{Region}/{Action}";

    public override string ToString() => $"{Action} {Number} {Account}/{Region} {Resource} {Group}";
}

/// <summary>A process's belief about a quota.</summary>
/// <param name="Estimate">As far as it is known.</param>
/// <param name="State">Its state to the process.</param>
/// <param name="Window">When, in truth, what the process takes for its window has started at the earliest.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct QuotaBelief(QuotaEstimate Estimate, QuotaState State, DateTimeOffset Window)
{
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{State}, {Estimate.Limit.Basis} {Estimate.Limit.Calls} a window, since {Window:mm:ss.f} within {Estimate.Start.Error.TotalSeconds:0.#} s, {Estimate.Start.Basis}");
}
