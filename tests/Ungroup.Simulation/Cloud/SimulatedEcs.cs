using Ungroup.Simulation.Plan;
using Ungroup.Simulation.Story;
using Ungroup.Simulation.Time;

namespace Ungroup.Simulation.Cloud;

/// <summary>Resources and the groups they are in, the quota of each API, and what ECS answers to a call that reaches it.</summary>
internal sealed class SimulatedEcs(History history, Schedule schedule, FaultPlan faults, Chance chance)
{
    private const string Name = "ecs";

    private static readonly TimeSpan LongestStaleness = TimeSpan.FromSeconds(0.95);

    private readonly Dictionary<string, SimulatedResource> _resources = [];
    private readonly Dictionary<(string Account, string Region, string Action), (long Minute, int Calls)> _quotas = [];
    private readonly Dictionary<(string Account, string Region, string Action), SimulatedQuota> _counted = [];
    private readonly HashSet<string> _deniedAccounts = [];
    private readonly HashSet<(string Account, string Group)> _deniedGroups = [];

    /// <summary>Calls of one API, account and region that pass in one minute.</summary>
    public int Quota { get; set; } = int.MaxValue;

    /// <summary>Where there is a backlog: a quota that lasts, to be learned.</summary>
    public QuotaPlan? Lasting { get; set; }

    public bool LiesAbsent { get; init; }

    /// <summary>Whether what is denied about a group is denied about all others, too.</summary>
    public bool DeniesTooMuch { get; init; }

    public void Add(SimulatedResource resource) => _resources.Add(resource.Id, resource);

    public void Deny(string account, bool isDenied) => _ = isDenied ? _deniedAccounts.Add(account) : _deniedAccounts.Remove(account);

    public void Deny(string account, string group, bool isDenied) => _ = isDenied ? _deniedGroups.Add((account, group)) : _deniedGroups.Remove((account, group));

    public bool IsMember(Requests.RemovalRequest? request) =>
        request is not null && _resources.GetValueOrDefault(request.Resource.Value)?.Groups.Contains(request.SecurityGroup.Value) == true;

    /// <summary>Somebody else takes it out.</summary>
    public void TakeOut(string resource, string group)
    {
        // ECS lets nobody take the last group away.
        if (_resources[resource].Groups.Count > 1 && _resources[resource].Leave(group, schedule.Now))
        {
            history.Count(Incident.LeftOtherwise);
            history.Add("others", new Happening.LeftOtherwise(resource, group));
        }
    }

    /// <summary>Somebody puts it back, once nothing is left to do about the request.</summary>
    public void PutBack(string resource, string group)
    {
        if (_resources.GetValueOrDefault(resource)?.Join(group, schedule.Now) == true)
        {
            history.Count(Incident.JoinedAgain);
            history.Add("others", new Happening.Note($"put {resource} into {group} again"));
        }
    }

    public EcsAnswer Answer(EcsExchange call)
    {
        if (_deniedAccounts.Contains(call.Account))
        {
            history.Count(Incident.EcsDenied);
            return EcsAnswer.Error(403, "Forbidden.RAM");
        }

        if (call.IsLeave && _deniedGroups.Any(denied => denied.Account == call.Account && (denied.Group == call.Group || DeniesTooMuch)))
        {
            history.Count(Incident.EcsDeniedGroup);
            return EcsAnswer.Error(403, "Forbidden.RAM");
        }

        if (faults.Hits(Incident.EcsTokenExpired))
        {
            return EcsAnswer.Error(400, "InvalidSecurityToken.Expired");
        }

        if (IsThrottled(call))
        {
            return Throttling(chance.Hits(0.3) ? chance.Between(200, 40_000) : null);
        }

        if (Lasting is not null && !IsCounted(call, Lasting, out var hint))
        {
            return Throttling((int?)hint?.TotalMilliseconds);
        }

        return call.Action switch
        {
            "LeaveSecurityGroup" => Leave(call),
            "DescribeSecurityGroups" => EcsAnswer.Group(call.Group),
            _ => Read(call),
        };
    }

    private EcsAnswer Throttling(int? hint) =>
        EcsAnswer.Error(chance.Pick(400, 429, 503), chance.Pick("Throttling", "Throttling.User", "Rejected.Throttling")) with { RetryAfter = hint };

    private bool IsCounted(EcsExchange call, QuotaPlan plan, out TimeSpan? hint)
    {
        var key = (call.Account, call.Region, call.Action);
        var quota = _counted.TryGetValue(key, out var known) ? known : _counted[key] = new(plan, schedule.Now);
        var passes = quota.TryTake(schedule.Now, out var wait);
        hint = passes ? null : plan.Hint(wait);
        history.Add(Name, new Happening.Counted(call, plan, !passes));
        return passes;
    }

    private bool IsThrottled(EcsExchange call)
    {
        var minute = schedule.Now.Ticks / TimeSpan.TicksPerMinute;
        var key = (call.Account, call.Region, call.Action);
        var used = _quotas.GetValueOrDefault(key) is { Calls: var calls, Minute: var last } && last == minute ? calls + 1 : 1;
        if (faults.Hits(Incident.EcsThrottled))
        {
            // Somebody else of the same account has used it up.
            used = Math.Max(used, Quota) + 1;
            _quotas[key] = (minute, used);
            return true;
        }

        _quotas[key] = (minute, used);
        if (used <= Quota)
        {
            return false;
        }

        history.Count(Incident.EcsThrottled);
        return true;
    }

    private EcsAnswer Leave(EcsExchange call)
    {
        if (_resources.GetValueOrDefault(call.Resource) is not { } resource || resource.Region != call.Region)
        {
            return EcsAnswer.Error(404, call.Resource.StartsWith("eni-", StringComparison.Ordinal) ? "InvalidEniId.NotFound" : "InvalidInstanceId.NotFound");
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

        if (!resource.Groups.Contains(call.Group))
        {
            history.Add(Name, new Happening.CallReached(call, Effective: false));
            return EcsAnswer.Error(404, chance.Pick("InvalidSecurityGroupAssociation.NotFound", "InstanceNotInSecurityGroup"));
        }

        if (resource.Groups.Count == 1)
        {
            return EcsAnswer.Error(403, resource.IsInstance ? "InstanceLastSecurityGroup" : "InvalidOperation.AtLeastInOneGroup");
        }

        resource.Leave(call.Group, schedule.Now);
        history.Add(Name, new Happening.CallReached(call, Effective: true));
        return EcsAnswer.Ok;
    }

    private EcsAnswer Read(EcsExchange call)
    {
        if (_resources.GetValueOrDefault(call.Resource) is not { } resource || resource.Region != call.Region)
        {
            return EcsAnswer.NoResource(call);
        }

        var stale = faults.Hits(Incident.StaleRead) ? chance.Between(TimeSpan.Zero, LongestStaleness) : TimeSpan.Zero;
        var groups = resource.GroupsAt(schedule.Now - stale);
        return EcsAnswer.Resource(resource, LiesAbsent ? [Ids.OtherGroup] : groups, schedule.Now < resource.SettledAt);
    }
}
