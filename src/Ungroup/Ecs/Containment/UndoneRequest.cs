using System.Text.Json;
using Ungroup.Json;
using Ungroup.Ledger;
using Ungroup.Messages;

namespace Ungroup.Ecs.Containment;

/// <summary>The request that a restore undoes, by the record of the request that it names.</summary>
/// <param name="Subject">The resource that request was about.</param>
/// <param name="RegionId">Where it is.</param>
/// <param name="IsolationGroup">The group to leave; null for a removal.</param>
/// <param name="Interfaces">The groups to go back to, and those that the request left behind.</param>
/// <param name="Containment">The contain that holds the resources; null for a removal.</param>
/// <param name="RestoredBy">The restore that has undone it before.</param>
internal sealed record UndoneRequest(
    string Subject, string RegionId, string? IsolationGroup, IReadOnlyList<InterfaceGroups> Interfaces, string? Containment, string? RestoredBy)
{
    /// <summary>Null, and why, where there is nothing to undo.</summary>
    public static UndoneRequest? Of(LedgerRecord record, out string? subject, out string why)
    {
        using var document = JsonDocument.Parse(record.Outcome!.Json);
        var data = document.RootElement.GetProperty("data");
        var request = data.Find("request");
        var (of, action, status) = (record.Key.RequestId, request?.Text("action") ?? "remove", data.Text("status") ?? "");
        subject = request?.Text("instanceId") ?? request?.Text("networkInterfaceId");
        why = action == "restore" ? ContainmentSentences.NoUndo(of) : ContainmentSentences.Nothing(of, status, data.Text("undo"));
        return action switch
        {
            "contain" when record.Snapshot is { HasChanged: true } snapshot =>
                new(snapshot.Subject, snapshot.RegionId, snapshot.IsolationGroup, snapshot.Interfaces, snapshot.Undo ?? of, snapshot.RestoredBy),
            "remove" when status == nameof(OutcomeStatus.Removed) && subject is not null && request?.Text("securityGroupId") is { } group =>
                new(subject, request?.Text("regionId") ?? "", null, [new(subject, [group])], null, record.Snapshot?.RestoredBy),
            _ => null,
        };
    }
}
