using System.Globalization;
using System.Text.Json;
using Ungroup.Simulation.Story;
using Ungroup.Simulation.Time;
using Ungroup.Simulation.Workers;

namespace Ungroup.Simulation.Plan;

/// <summary>Thinks up hosts that are contained, once more and by another hand, restored, and meanwhile removed from groups and changed by others.</summary>
internal sealed class ContainmentPlans(World world, Chance chance)
{
    private readonly Repetition _repetition = new(world, chance.Fork());

    /// <summary>Everything that is asked about one host, and what somebody else does to it.</summary>
    public IReadOnlyList<Posting> Next(int number)
    {
        var host = HostPlan.Build(number, world, chance.Fork());
        PlanOthers(host);
        PlanDenial(host);
        return [.. Contains(host), .. Removals(host), .. Restores(host)];
    }

    private IEnumerable<Posting> Contains(HostPlan host)
    {
        var after = host.Begins;
        for (var number = 1; number <= chance.Pick(1, 1, 1, 2, 3); number++)
        {
            var members = Members(host, "contain", $"con-{host.Number}-{number}");
            var resource = number == 1 || chance.Hits(0.5) ? chance.Hits(0.1) ? $"eni-of-{host.Instance}" : host.Instance : host.AnyResource();
            members[MemberOf(resource)] = resource;
            members["regionId"] = Ids.RegionOf(host.Account);
            if (chance.Hits(0.15))
            {
                members["includeInterfaces"] = false;
            }

            if (chance.Hits(0.1))
            {
                members["isolationGroupId"] = chance.Pick(Ids.IsolationGroupOf(host.Account), $"{Ids.IsolationGroupOf(host.Account)}-2");
            }

            if (chance.Hits(0.4))
            {
                members["expiresAt"] = Rfc3339(Schedule.Start + after + chance.Seconds(1, chance.Hits(0.5) ? 60 : 900));
            }
            else
            {
                // A restore waits for it with all of its twins; for the day that a request has, they would take more steps than a run may.
                members["expiresAt"] = Rfc3339(Schedule.Start + after + TimeSpan.FromHours(3));
            }

            if (chance.Hits(0.06))
            {
                members["dryRun"] = true;
            }

            foreach (var posting in Post(members, after))
            {
                yield return posting;
            }

            after += chance.Hits(0.5) ? chance.Seconds(0, 5) : chance.Seconds(0, 300);
        }
    }

    private IEnumerable<Posting> Removals(HostPlan host)
    {
        for (var number = 1; number <= chance.Pick(0, 0, 1, 2); number++)
        {
            var members = Members(host, "remove", $"rem-{host.Number}-{number}");
            var resource = host.AnyResource();
            members.Remove("action");
            members[MemberOf(resource)] = resource;
            members["regionId"] = Ids.RegionOf(host.Account);
            members["securityGroupId"] = host.AnyGroup();
            foreach (var posting in Post(members, Around(host)))
            {
                yield return posting;
            }
        }
    }

    private IEnumerable<Posting> Restores(HostPlan host)
    {
        for (var number = 1; number <= chance.Pick(0, 1, 1, 2); number++)
        {
            var members = Members(host, "restore", $"res-{host.Number}-{number}");
            members["of"] = chance.Hits(0.75) ? $"con-{host.Number}-1" : chance.Pick($"con-{host.Number}-2", $"rem-{host.Number}-1", $"res-{host.Number}-1");
            if (chance.Hits(0.5))
            {
                members["force"] = true;
            }

            foreach (var posting in Post(members, chance.Hits(0.3) ? Around(host) : host.Begins + chance.Seconds(0, 900)))
            {
                yield return posting;
            }
        }
    }

    private void PlanOthers(HostPlan host)
    {
        var (others, changes) = (world.Ecs.Others, world.Ecs.Changes);
        for (var number = chance.Pick(0, 0, 1, 2, 4); number > 0; number--)
        {
            var (resource, group, added, card) = (host.AnyResource(), host.AnyGroup(), host.NewGroup(), host.NewCard(number));
            Action act = chance.Below(8) switch
            {
                0 or 1 => () => others.PutInto(resource, added, Incident.JoinedOtherwise),
                2 => () => others.PutInto(resource, group, Incident.JoinedOtherwise),
                3 => () => others.TakeOut(resource, Ids.IsolationGroupOf(host.Account)),
                4 => () => others.TakeOut(resource, group),
                5 => () => others.Attach(card, host.Instance),
                6 => () => others.Detach(resource),
                _ => () => changes.DeleteGroup(group),
            };
            world.Schedule.After(chance.Hits(0.6) ? Around(host) : chance.Seconds(0, 900), act);
        }
    }

    private void PlanDenial(HostPlan host)
    {
        if (chance.Hits(0.12))
        {
            var group = chance.Hits(0.4) ? Ids.IsolationGroupOf(host.Account) : host.AnyGroup();
            world.Ecs.Deny(host.Account, group, isDenied: true);
            world.History.Add("ecs", new Happening.Denied(host.Account, group));
            world.Schedule.After(host.Begins + chance.Seconds(0, 600), () => world.Ecs.Deny(host.Account, group, isDenied: false));
        }
    }

    /// <summary>While the host is most likely worked on.</summary>
    private TimeSpan Around(HostPlan host) => chance.Hits(0.6) ? host.Begins + chance.Seconds(0, 8) : chance.Seconds(0, 300);

    private IEnumerable<Posting> Post(Dictionary<string, object> members, TimeSpan after) =>
        _repetition.Of(new($"m-{members["requestId"]}", JsonSerializer.SerializeToUtf8Bytes(members)), after);

    private static Dictionary<string, object> Members(HostPlan host, string action, string requestId) =>
        new() { ["action"] = action, ["requestId"] = requestId, ["account"] = host.Account };

    private static string MemberOf(string resource) => resource.StartsWith("i-", StringComparison.Ordinal) ? "instanceId" : "networkInterfaceId";

    private static string Rfc3339(DateTimeOffset instant) => instant.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
