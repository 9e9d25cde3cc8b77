using Ungroup.Simulation.Plan;
using Ungroup.Simulation.Story;
using Ungroup.Simulation.Time;

namespace Ungroup.Simulation.Cloud.Ecs;

/// <summary>Carries out JoinSecurityGroup, LeaveSecurityGroup and the two Modify calls, as their pages say.</summary>
internal sealed class EcsChanges(History history, Schedule schedule, SimulatedResources resources, Chance chance, Defect defect)
{
    /// <summary>Groups that one interface can be in.</summary>
    public const int MostGroups = 5;

    private const string Name = "ecs";

    private readonly HashSet<string> _deletedGroups = [];

    /// <summary>Only a group that nobody is in can be deleted.</summary>
    public void DeleteGroup(string group)
    {
        if (!resources.All.Any(resource => resource.Groups.Contains(group)) && _deletedGroups.Add(group))
        {
            history.Count(Incident.GroupDeleted);
            history.Add("others", new Happening.Note($"delete {group}"));
        }
    }

    public EcsAnswer Answer(EcsExchange call)
    {
        if (resources[call.Resource] is not { } resource || resource.Region != call.Region)
        {
            return EcsAnswer.Error(404, SimulatedResource.IsInstanceId(call.Resource) ? "InvalidInstanceId.NotFound" : "InvalidEniId.NotFound");
        }

        if (resource.Refuses is { } permanent)
        {
            history.Count(Incident.EcsPermanent);
            return EcsAnswer.Error(403, permanent);
        }

        if (schedule.Now < resource.SettledAt)
        {
            history.Count(Incident.EcsLater);
            return EcsAnswer.Error(403, resource.IsInstance ? "IncorrectInstanceStatus" : "InvalidOperation.InvalidEniState");
        }

        return call.Action switch
        {
            "LeaveSecurityGroup" => Leave(call, resource),
            "JoinSecurityGroup" => Join(call, resource),
            _ => Modify(call, resource),
        };
    }

    private EcsAnswer Leave(EcsExchange call, SimulatedResource resource)
    {
        if (!resource.Groups.Contains(call.Group))
        {
            history.Add(Name, new Happening.CallReached(call, Effective: false));
            return EcsAnswer.Error(404, chance.Pick("InvalidSecurityGroupAssociation.NotFound", "InstanceNotInSecurityGroup"));
        }

        return resource.Groups.Count == 1 && defect != Defect.LastGroupMayGo
            ? EcsAnswer.Error(403, resource.IsInstance ? "InstanceLastSecurityGroup" : "InvalidOperation.AtLeastInOneGroup")
            : Change(call, resource, resource.Groups.Where(group => group != call.Group));
    }

    private EcsAnswer Join(EcsExchange call, SimulatedResource resource) =>
        _deletedGroups.Contains(call.Group) ? EcsAnswer.Error(404, "InvalidSecurityGroupId.NotFound")
        : resource.Groups.Contains(call.Group) ? EcsAnswer.Error(403, "InvalidInstanceId.AlreadyExists")
        : resource.Groups.Count >= MostGroups ? EcsAnswer.Error(403, "InstanceSecurityGroupLimitExceeded")
        : Change(call, resource, defect == Defect.JoiningReplaces ? [call.Group] : resource.Groups.Append(call.Group));

    private EcsAnswer Modify(EcsExchange call, SimulatedResource resource) =>
        call.Groups.Any(_deletedGroups.Contains) ? EcsAnswer.Error(404, "InvalidSecurityGroupId.NotFound")
        : call.Groups.Count > MostGroups ? EcsAnswer.Error(403, "JoinedGroupLimitExceed")
        : Change(call, resource, call.Groups);

    private EcsAnswer Change(EcsExchange call, SimulatedResource resource, IEnumerable<string> groups)
    {
        var pretends = call.Request?.Action switch
        {
            Requests.RequestAction.Contain => defect == Defect.ContainsAreForShow,
            Requests.RequestAction.Restore => defect == Defect.RestoresAreForShow,
            _ => false,
        };
        if (pretends)
        {
            resource.Pretended = [.. groups];
            return EcsAnswer.Ok;
        }

        resources.Change(resource, groups, call);
        history.Add(Name, new Happening.CallReached(call, Effective: true));
        return EcsAnswer.Ok;
    }
}
