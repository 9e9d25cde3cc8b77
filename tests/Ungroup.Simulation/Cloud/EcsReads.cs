using Ungroup.Simulation.Plan;
using Ungroup.Simulation.Story;
using Ungroup.Simulation.Time;

namespace Ungroup.Simulation.Cloud;

/// <summary>Answers DescribeInstances, DescribeNetworkInterfaces and the two reads of groups, some of them a moment behind.</summary>
internal sealed class EcsReads(SimulatedResources resources, Schedule schedule, FaultPlan faults, Chance chance, Defect defect)
{
    /// <summary>How far a read may be behind.</summary>
    public static readonly TimeSpan LongestStaleness = TimeSpan.FromSeconds(0.95);

    public EcsAnswer Answer(EcsExchange call) => call.Action switch
    {
        "DescribeSecurityGroups" => EcsAnswer.Group(call.Group),
        "DescribeSecurityGroupAttribute" => EcsAnswer.Rules(call.Group),
        _ => Read(call),
    };

    private EcsAnswer Read(EcsExchange call)
    {
        var at = schedule.Now - (faults.Hits(Incident.StaleRead) ? chance.Between(TimeSpan.Zero, LongestStaleness) : TimeSpan.Zero);
        var found = resources.All.Where(resource => resource.Region == call.Region && IsAskedFor(call, resource, at)).ToList();
        var shown = found.Select(resource => new ShownResource(
            resource, defect == Defect.ReadsLieAbsent ? [Ids.OtherGroup] : resource.GroupsAt(at), resource.HostAt(at), schedule.Now < resource.SettledAt)).ToList();
        return call.Action == "DescribeInstances"
            ? EcsAnswer.Instances([.. shown.Select(one => (one, CardsOf(one.Resource, at)))])
            : EcsAnswer.Cards(shown);
    }

    private static bool IsAskedFor(EcsExchange call, SimulatedResource resource, DateTimeOffset at) =>
        call.Action == "DescribeInstances" ? resource.Id == call.Resource
        : SimulatedResource.IsInstanceId(call.Resource) ? resource.HostAt(at) == call.Resource
        : call.Named.Contains(resource.Card);

    private List<SimulatedResource> CardsOf(SimulatedResource instance, DateTimeOffset at) =>
        [.. resources.All.Where(resource => resource.HostAt(at) == instance.Id)];
}

/// <summary>A resource as one read shows it.</summary>
internal sealed record ShownResource(SimulatedResource Resource, IReadOnlyList<string> Groups, string? Host, bool IsMoving);
