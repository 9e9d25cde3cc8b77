using System.Text.Json;
using Ungroup.Ecs;
using Ungroup.Ecs.Wire;
using Ungroup.Json;

namespace Ungroup.Jobs.Selecting;

/// <summary>
/// Reads the members of a group, a page at a time: instances by one list, secondary interfaces by another. A list is whole or it is read
/// again: a page that is empty is not the last, a token that is refused or comes twice begins another listing.
/// </summary>
internal sealed class GroupMembers(PlanReads reads)
{
    public const int Lists = 2;

    private const int MostListings = 3;

    public async Task<PlanTurn> ReadAsync(JobHead job, CancellationToken cancellationToken)
    {
        var (planning, select) = (job.Planning!, job.Request.Select!);
        var (place, group, ofInstances) = (new EcsPlace(job.Request.Account, job.Request.RegionId), select.MemberOf.Value, planning.List == 0);
        var (reply, stopped) = await reads.SendAsync(
            ofInstances ? place.ListInstances(group, planning.Token) : place.ListInterfaces(group, planning.Token), cancellationToken);
        if (stopped is not null)
        {
            return stopped;
        }

        if (reply!.Json is null || (reply.Token is not null && reply.Token == planning.Token))
        {
            return planning.Token is null
                ? new PlanTurn.End(JobEnd.Failed, $"The members of {group} could not be listed: ECS answered {reply.Code}.")
                : Again(job, reply.Code is null ? "ECS named the same next page twice" : $"ECS took its own next page for wrong ({reply.Code})");
        }

        var (members, unread) = await JudgeAsync(reply, new(select), place, group, cancellationToken);
        if (unread is not null)
        {
            return unread;
        }

        if (planning.Token is null && reply.Token is null && members.Count == 0
            && await MayListAsync(place, ofInstances ? "DescribeInstances" : "DescribeNetworkInterfaces", group, cancellationToken) is { } denied)
        {
            return denied;
        }

        var isLast = reply.Token is null;
        return new PlanTurn.Page(
            job with
            {
                Planning = planning with
                {
                    Pages = planning.Pages + 1,
                    Token = reply.Token,
                    List = planning.List + (isLast ? 1 : 0),
                    Expected = planning.Expected + (isLast ? reply.Total : 0),
                },
            },
            [JobStore.PageRow(planning.Listing, planning.Pages, members)]);
    }

    /// <summary>Another listing from the start, or no plan at all where that has been tried.</summary>
    public static PlanTurn Again(JobHead job, string why) => job.Planning!.Listing >= MostListings
        ? new PlanTurn.End(JobEnd.Failed, $"The members of {job.Request.Select!.MemberOf} could not be listed whole, {MostListings} times: {why}.")
        : new PlanTurn.Page(job with { Planning = new() { BeganAt = job.Planning.BeganAt, Listing = job.Planning.Listing + 1 } }, []);

    private async Task<(List<FoundMember> Members, PlanTurn? Unread)> JudgeAsync(
        PlanReply reply, TagFilter filter, EcsPlace place, string group, CancellationToken cancellationToken)
    {
        List<FoundMember> members =
        [
            .. reply.Instances.Where(item => item.Text("InstanceId") is not null).Select(item => Member(item.Text("InstanceId")!, item, filter, filter.Judge(TagFilter.TagsIn(item), Nothing))),
        ];
        var cards = reply.Interfaces.Where(item => item.Text("NetworkInterfaceId") is not null).ToList();
        var hosts = cards.Select(InstanceOf).OfType<string>().Distinct(StringComparer.Ordinal).ToList();
        var tags = new Dictionary<string, IReadOnlyDictionary<string, string>?>(StringComparer.Ordinal);
        if (filter.AsksForInstances && hosts.Count > 0)
        {
            var (read, stopped) = await reads.SendAsync(place.ReadInstances(hosts, group), cancellationToken);
            if (stopped is not null)
            {
                return ([], stopped);
            }

            foreach (var item in read!.Instances)
            {
                tags[item.Text("InstanceId") ?? ""] = TagFilter.TagsIn(item);
            }
        }

        members.AddRange(cards.Select(card => Member(card.Text("NetworkInterfaceId")!, card, filter, Judge(card, filter, tags)) with { Instance = InstanceOf(card) }));
        return (members, null);
    }

    private static (bool Fits, string? LeftOut) Judge(JsonElement card, TagFilter filter, Dictionary<string, IReadOnlyDictionary<string, string>?> hosts)
    {
        var judged = filter.Judge(TagFilter.TagsIn(card), InstanceOf(card) is not { } host ? Nothing : hosts.GetValueOrDefault(host));
        return !judged.Fits ? judged
            : card.IsTrue("ServiceManaged") ? (true, "a cloud product manages it, and ECS lets nobody else change its groups")
            : card.Text("Type") is { } type and not "Secondary" ? (true, $"its type is {type}, and only secondary interfaces are in groups of their own")
            : judged;
    }

    private async Task<PlanTurn?> MayListAsync(EcsPlace place, string action, string group, CancellationToken cancellationToken)
    {
        var (reply, stopped) = await reads.SendAsync(place.MayList(action, group), cancellationToken);
        return stopped ?? (reply!.Code == "DryRunOperation" ? null
            : new PlanTurn.End(JobEnd.Failed, $"The plan could not be made. {action} listed nothing in {group}, and ECS does not say that it may be called ({reply.Code ?? "no code"})."));
    }

    private static IReadOnlyDictionary<string, string> Nothing { get; } = new Dictionary<string, string>();

    private static FoundMember Member(string id, JsonElement item, TagFilter filter, (bool Fits, string? LeftOut) judged) =>
        new(id, PlanReply.GroupsIn(item), judged.Fits, judged.LeftOut) { OtherCase = Redaction.OneLine(filter.OtherCaseIn(TagFilter.TagsIn(item)), 128) };

    private static string? InstanceOf(JsonElement card) =>
        card.Find("Attachment")?.Text("InstanceId") is { Length: > 0 } attached ? attached : card.Text("InstanceId") is { Length: > 0 } named ? named : null;
}
