using Ungroup.Simulation.Plan;
using Ungroup.Simulation.Story;
using Ungroup.Simulation.Time;

namespace Ungroup.Simulation.Cloud.Ecs;

/// <summary>ECS: who may call it, the quota of each API, and what it answers to a call that reaches it.</summary>
internal sealed class SimulatedEcs
{
    private const string Name = "ecs";

    private readonly History _history;
    private readonly Schedule _schedule;
    private readonly FaultPlan _faults;
    private readonly Chance _chance;
    private readonly Defect _defect;
    private readonly EcsReads _reads;
    private readonly Dictionary<(string Account, string Region, string Action), (long Minute, int Calls)> _quotas = [];
    private readonly Dictionary<(string Account, string Region, string Action), SimulatedQuota> _counted = [];
    private readonly HashSet<string> _deniedAccounts = [];
    private readonly HashSet<(string Account, string Group)> _deniedGroups = [];

    public SimulatedEcs(History history, Schedule schedule, FaultPlan faults, Chance chance, Defect defect)
    {
        (_history, _schedule, _faults, _chance, _defect) = (history, schedule, faults, chance, defect);
        Resources = new(history, schedule);
        Others = new(history, schedule, Resources);
        Changes = new(history, schedule, Resources, chance, defect);
        _reads = new(Resources, schedule, faults, chance, defect);
    }

    public SimulatedResources Resources { get; }

    public OtherHands Others { get; }

    public EcsChanges Changes { get; }

    /// <summary>Calls of one API, account and region that pass in one minute.</summary>
    public int Quota { get; set; } = int.MaxValue;

    /// <summary>Where there is a backlog: a quota that lasts, to be learned.</summary>
    public QuotaPlan? Lasting { get; set; }

    public void Deny(string account, bool isDenied) => _ = isDenied ? _deniedAccounts.Add(account) : _deniedAccounts.Remove(account);

    public void Deny(string account, string group, bool isDenied) => _ = isDenied ? _deniedGroups.Add((account, group)) : _deniedGroups.Remove((account, group));

    /// <summary>Of a removal: whether it is still to be done.</summary>
    public bool IsMember(Requests.RemovalRequest? request) =>
        request is { Action: Requests.RequestAction.Remove } && Resources[request.Resource.Value]?.Groups.Contains(request.SecurityGroup.Value) == true;

    public EcsAnswer Answer(EcsExchange call)
    {
        if (_deniedAccounts.Contains(call.Account))
        {
            _history.Count(Incident.EcsDenied);
            return EcsAnswer.Error(403, "Forbidden.RAM");
        }

        if (call.IsChange && _deniedGroups.Any(denied => denied.Account == call.Account && (call.Groups.Contains(denied.Group) || _defect == Defect.DenialsSpread)))
        {
            _history.Count(Incident.EcsDeniedGroup);
            return EcsAnswer.Error(403, "Forbidden.RAM");
        }

        if (_faults.Hits(Incident.EcsTokenExpired))
        {
            return EcsAnswer.Error(400, "InvalidSecurityToken.Expired");
        }

        if (IsThrottled(call))
        {
            return Throttling(_chance.Hits(0.3) ? _chance.Between(200, 40_000) : null);
        }

        if (Lasting is not null && !IsCounted(call, Lasting, out var hint))
        {
            return Throttling((int?)hint?.TotalMilliseconds);
        }

        return call.IsChange ? Changes.Answer(call) : _reads.Answer(call);
    }

    private EcsAnswer Throttling(int? hint) =>
        EcsAnswer.Error(_chance.Pick(400, 429, 503), _chance.Pick("Throttling", "Throttling.User", "Rejected.Throttling")) with { RetryAfter = hint };

    private bool IsCounted(EcsExchange call, QuotaPlan plan, out TimeSpan? hint)
    {
        var key = (call.Account, call.Region, call.Action);
        var quota = _counted.TryGetValue(key, out var known) ? known : _counted[key] = new(plan, _schedule.Now);
        var passes = quota.TryTake(_schedule.Now, out var wait);
        hint = passes ? null : plan.Hint(wait);
        _history.Add(Name, new Happening.Counted(call, plan, !passes));
        return passes;
    }

    private bool IsThrottled(EcsExchange call)
    {
        var minute = _schedule.Now.Ticks / TimeSpan.TicksPerMinute;
        var key = (call.Account, call.Region, call.Action);
        var used = _quotas.GetValueOrDefault(key) is { Calls: var calls, Minute: var last } && last == minute ? calls + 1 : 1;
        if (_faults.Hits(Incident.EcsThrottled))
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

        _history.Count(Incident.EcsThrottled);
        return true;
    }
}
