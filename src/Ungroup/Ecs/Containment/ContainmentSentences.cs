using Ungroup.Ledger;
using Ungroup.Messages;

namespace Ungroup.Ecs.Containment;

/// <summary>The sentences of contain and restore, for a person: what is true now, what is not, and what to do.</summary>
internal static class ContainmentSentences
{
    public const string ChangedByOthers = "ChangedByOthers";

    private const int MostNamed = 3;
    private const string Contain = "Contained";

    public static string Contained(OutcomeStatus status, string subject, string isolation, IReadOnlyList<InterfaceOutcome> interfaces, string? why) => status switch
    {
        OutcomeStatus.Contained => $"{subject} is in {isolation} alone{Others(interfaces)}, read back after the last call.",
        OutcomeStatus.PartlyContained => $"{subject} is not contained as asked: {Named(interfaces, Contain)}. {why}".TrimEnd(),
        _ => $"{subject} could not be contained, and nothing was changed: {Named(interfaces, Contain)}. {why}".TrimEnd(),
    };

    public static string AlreadyContained(string subject, string isolation, string? by) => $"{subject} was in {isolation} alone already"
        + (by is null ? ", and no request of Ungroup has put it there; nothing was changed, and there is nothing to undo." : $"; nothing was changed. A restore of {by} undoes that.");

    public static string Gone(string resource, string code) =>
        $"ECS does not list {resource} ({code}): it is gone, or the request names another region or account than its own.";

    public static string Detached(string resource, string instance) => $"{resource} was attached to {instance} and is not any more; its groups were not looked at.";

    /// <summary>Why an interface keeps its groups, with what is left to do about a host that Alibaba Cloud has locked.</summary>
    public static string? WithLever(Obstacle obstacle) => obstacle.Code == "InstanceLockedForSecurity"
        ? $"{obstacle.Sentence} Until then only rules that drop traffic isolate it, in the groups that it is in; they hold for its neighbours too."
        : obstacle.Sentence;

    public static string NotSeen(string resource) => $"ECS names {resource} and does not show its groups.";

    public static string Stuck(string code, string resource) => code switch
    {
        ChangedByOthers => $"Others have undone our changes of {resource} twice: find out who manages its groups.",
        WantedGroups.LastGroup => $"{resource} would be in no group.",
        WantedGroups.NoPlace => $"{resource} can be in no further group.",
        "NotSeen" => NotSeen(resource),
        _ => $"ECS refused ({code}).",
    };

    public static string Unfit(string subject, string? vpc, IReadOnlyList<IsolationGroup> groups, string account, bool isNamed)
    {
        var said = groups.Select(group => group.Unfit ?? $"{group.Id} is in {group.VpcId}.");
        return $"{subject} is in {vpc ?? "no VPC that ECS names"}, and no isolation group fits: {string.Join(' ', said)} "
            + $"Nothing was changed. {(isNamed ? "Name another isolationGroupId, or leave it out for the account's own" : "Name one of that VPC with isolationGroupId, or add it")} (Accounts:{account}:IsolationGroups).";
    }

    public static string Planned(string subject, IReadOnlyList<string> calls) => calls.Count == 0
        ? $"{subject} is as asked already; no call would be made."
        : $"{subject}: {calls.Count} calls would be made: {string.Join("; ", calls)}.";

    public static string Restored(OutcomeStatus status, string subject, string of, IReadOnlyList<InterfaceOutcome> interfaces, string? why) => status switch
    {
        OutcomeStatus.Restored => $"{subject} is in the groups again that {of} took it out of{Others(interfaces)}, read back after the last call.",
        OutcomeStatus.PartlyRestored => $"{subject} is not restored as asked: {Named(interfaces, "Restored")}. {why}".TrimEnd(),
        _ => $"{subject} could not be restored: {Named(interfaces, "Restored")}. {why}".TrimEnd(),
    };

    public static string AlreadyRestored(string subject, string of) => $"{subject} was in the groups already that {of} took it out of; nothing was changed.";

    public static string NotOurs(string of) => $"No restore of Ungroup has undone {of}: somebody else has put the groups back.";

    public static string Drifted(string subject, string of, IReadOnlyList<InterfaceOutcome> interfaces) =>
        $"The groups of {subject} are neither those that {of} left behind nor those before it: {Named(interfaces, "Unchanged")}. Nothing was changed; `force` goes on, and keeps what others have added.";

    public static string Unknown(string of, string account) =>
        $"Account {account} has no request {of}, or it ended too long ago: there is nothing to restore.";

    public static string Nothing(string of, string status, string? undo) =>
        $"{of} ended as {status} and changed nothing; there is nothing to restore.{(undo is null ? "" : $" The contain before it was {undo}.")}";

    public static string NoUndo(string of) => $"{of} is a restore itself; expected the requestId of a contain or a remove.";

    public static string StillContained(string resource, string by) => $"{resource} is contained by {by}: restore that first.";

    public static string LeftOut(string resource, RemovedGroup removed) =>
        $"{resource} does not go back to {removed.Group}: {removed.RequestId} has ended for it since.";

    public static string PutBack(string resource, RemovedGroup removed) =>
        $"{resource} is in {removed.Group} again, although {removed.RequestId} has ended for it since: it was put back, and stays there.";

    public static string Kept(string resource, IEnumerable<string> groups) => $"{resource} keeps {string.Join(", ", groups)}, which others have added.";

    public static SessionsOutcome? Sessions(HostView? seen)
    {
        if (seen is null)
        {
            return null;
        }

        var idle = seen.Interfaces.Select(one => one.IdleSeconds).Where(seconds => seconds is not null).DefaultIfEmpty(null).Max();
        return new(idle, idle is null
            ? "The interfaces did not say after how long idle sessions end; ECS's default is 910 seconds. A session that is busy may last longer."
            : $"Sessions that were open end after {idle} seconds without a packet. A session that is busy may last longer.");
    }

    private static string Others(IReadOnlyList<InterfaceOutcome> interfaces) => interfaces.Count switch
    {
        1 => "",
        2 => ", and so is its other interface",
        var count => $", and so are its {count - 1} other interfaces",
    };

    private static string Named(IReadOnlyList<InterfaceOutcome> interfaces, string good)
    {
        var bad = interfaces.Where(one => one.Status != good).ToList();
        var named = bad.Take(MostNamed).Select(one => $"{one.Resource} {(one.GroupsAfter is { } after ? $"is in {string.Join(", ", after)}" : "was not seen")}"
            + $"{(one.Code is null ? "" : $" ({one.Code})")}");
        return string.Join("; ", named) + (bad.Count > MostNamed ? $"; and {bad.Count - MostNamed} more" : "");
    }
}
