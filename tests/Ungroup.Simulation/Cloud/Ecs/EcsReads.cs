using Ungroup.Simulation.Plan;
using Ungroup.Simulation.Story;
using Ungroup.Simulation.Time;

namespace Ungroup.Simulation.Cloud.Ecs;

/// <summary>Answers DescribeInstances, DescribeNetworkInterfaces and the two reads of groups, some of them a moment behind.</summary>
internal sealed class EcsReads(SimulatedResources resources, Schedule schedule, FaultPlan faults, Chance chance, Defect defect)
{
    /// <summary>How far a read may be behind.</summary>
    public static readonly TimeSpan LongestStaleness = TimeSpan.FromSeconds(0.95);

    public EcsAnswer Answer(EcsExchange call) => call.Action switch
    {
        "DescribeSecurityGroups" => EcsAnswer.Group(call.Group),
        "DescribeSecurityGroupAttribute" => EcsAnswer.Rules(call.Group),
        _ when call.IsDryRun => EcsAnswer.Error(400, "DryRunOperation"),
        _ when call.From is { } from => List(call, from),
        _ => Read(call),
    };

    /// <summary>A page of a group's members, in the order of their ids; the token is the last id that was shown.</summary>
    private EcsAnswer List(EcsExchange call, string from)
    {
        if (from.Length > 0 && faults.Hits(Incident.TokenRefused))
        {
            return EcsAnswer.Error(400, "InvalidParameter");
        }

        var at = Instant();
        var members = resources.All.Where(resource => resource.Region == call.Region && resource.IsInstance == (call.Action == "DescribeInstances") && resource.GroupsAt(at).Contains(call.Group)).ToList();
        if (defect == Defect.ListsLeaveOut && members.Count > 1)
        {
            members.RemoveAt(1);
        }

        var rest = members.Where(member => string.CompareOrdinal(member.Id, from) > 0).ToList();
        var page = rest.Take(faults.Hits(Incident.PageEmpty) ? 0 : chance.Pick(3, 20, 100)).ToList();
        var token = page.Count == rest.Count ? null : page.Count == 0 ? from + "!" : page[^1].Id;
        var shown = page.Select(resource => Shown(resource, at)).ToList();
        return call.Action == "DescribeInstances"
            ? EcsAnswer.Instances([.. shown.Select(one => (one, CardsOf(one.Resource, at)))], members.Count, token)
            : EcsAnswer.Cards(shown, members.Count, token);
    }

    private EcsAnswer Read(EcsExchange call)
    {
        var at = Instant();
        var found = resources.All.Where(resource => resource.Region == call.Region && IsAskedFor(call, resource, at)).ToList();
        var shown = found.Select(resource => Shown(resource, at)).ToList();
        return call.Action == "DescribeInstances"
            ? EcsAnswer.Instances([.. shown.Select(one => (one, CardsOf(one.Resource, at)))])
            : EcsAnswer.Cards(shown);
    }

    private DateTimeOffset Instant() => schedule.Now - (faults.Hits(Incident.StaleRead) ? chance.Between(TimeSpan.Zero, LongestStaleness) : TimeSpan.Zero);

    private ShownResource Shown(SimulatedResource resource, DateTimeOffset at) => new(
        resource, defect == Defect.ReadsLieAbsent ? [Ids.OtherGroup] : resource.GroupsAt(at), resource.HostAt(at), schedule.Now < resource.SettledAt,
        defect == Defect.TagsAreNotSeen ? resource.Tags : resource.TagsAt(at));

    private static bool IsAskedFor(EcsExchange call, SimulatedResource resource, DateTimeOffset at) =>
        call.Action == "DescribeInstances" ? call.Named.Contains(resource.Id)
        : SimulatedResource.IsInstanceId(call.Resource) ? resource.HostAt(at) == call.Resource
        : call.Named.Contains(resource.Card);

    private List<SimulatedResource> CardsOf(SimulatedResource instance, DateTimeOffset at) =>
        [.. resources.All.Where(resource => resource.HostAt(at) == instance.Id)];
}

/// <summary>A resource as one read shows it.</summary>
internal sealed record ShownResource(SimulatedResource Resource, IReadOnlyList<string> Groups, string? Host, bool IsMoving, IReadOnlyDictionary<string, string>? Tags);
