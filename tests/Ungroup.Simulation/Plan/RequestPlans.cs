using System.Text;
using System.Text.Json;
using Ungroup.Simulation.Story;
using Ungroup.Simulation.Time;
using Ungroup.Simulation.Workers;

namespace Ungroup.Simulation.Plan;

/// <summary>Thinks up requests, the resources they are about, and how their senders repeat and contradict themselves.</summary>
internal sealed class RequestPlans(World world, Chance chance)
{
    private readonly List<(string Account, string Resource, string Group)> _targets = [];
    private readonly Repetition _repetition = new(world, chance);

    /// <summary>Null where no body of this life names one.</summary>
    public string? AnyResource() => _targets.Count > 0 ? _targets[chance.Below(_targets.Count)].Resource : null;

    /// <summary>Null where no body of this life names one.</summary>
    public (string Account, string Group)? AnyGroup() =>
        _targets.Count > 0 && _targets[chance.Below(_targets.Count)] is var target ? (target.Account, target.Group) : null;

    public IReadOnlyList<Posting> Next(int number, IReadOnlySet<string> isProtected)
    {
        var after = chance.Seconds(0, 120);
        if (chance.Hits(0.08))
        {
            return [.. _repetition.Of(new($"m-{number}", Invalid(number)), after)];
        }

        var (account, resource, group) = _targets.Count > 0 && chance.Hits(0.1) ? _targets[chance.Below(_targets.Count)] : Target(number);
        if (chance.Hits(0.08))
        {
            group = isProtected.First();
        }

        var members = new Dictionary<string, object>
        {
            [resource.StartsWith("i-", StringComparison.Ordinal) ? "instanceId" : "networkInterfaceId"] = resource,
            ["securityGroupId"] = group,
            ["regionId"] = chance.Hits(0.04) ? Ids.WrongRegion : Ids.RegionOf(account),
            ["account"] = account,
        };
        if (!chance.Hits(0.15))
        {
            members["requestId"] = $"r-{number}";
        }

        if (world.Stops is { } stops && stops.Hits(0.7))
        {
            members["origin"] = "cleanup";
        }

        AddTimes(members);
        if (chance.Hits(0.08))
        {
            members["dryRun"] = true;
        }

        List<Posting> postings = [.. _repetition.Of(new($"m-{number}", Json(members)), after)];
        if (chance.Hits(0.15) && members.ContainsKey("requestId"))
        {
            // Somebody has made a mistake with the key.
            members["securityGroupId"] = $"sg-{number}-else";
            postings.AddRange(_repetition.Of(new($"m-{number}-else", Json(members)), after + chance.Seconds(-after.TotalSeconds, 300)));
        }

        return postings;
    }

    private void AddTimes(Dictionary<string, object> members)
    {
        var earliest = Schedule.Start;
        if (chance.Hits(0.15))
        {
            members["notBefore"] = Rfc3339(earliest += chance.Seconds(1, 600));
        }

        if (chance.Hits(0.25))
        {
            members["expiresAt"] = Rfc3339(earliest + chance.Seconds(1, chance.Hits(0.5) ? 7200 : 400));
        }
    }

    private (string Account, string Resource, string Group) Target(int number)
    {
        var account = chance.Pick("default", "default", "beijing");
        var resource = chance.Pick($"i-{number}", $"i-{number}", $"eni-{number}");
        var group = chance.Hits(0.2) ? $"sg-shared-{account}" : $"sg-{number}";
        if (world.Stops is { } stops && stops.Hits(0.6))
        {
            group = $"sg-shared-{account}";
        }

        var isLast = chance.Hits(0.06);
        var isElsewhere = chance.Hits(0.08);
        world.Ecs.Resources.Add(new(resource, Ids.RegionOf(account), isElsewhere ? [Ids.OtherGroup] : isLast ? [group] : [group, Ids.OtherGroup, Ids.ProtectedGroup])
        {
            Refuses = chance.Hits(0.04) ? "InvalidOperation.ResourceManagedByCloudProduct" : null,
            SettledAt = chance.Hits(0.1) ? Schedule.Start + chance.Seconds(0, 600) : default,
        });
        if (chance.Hits(0.1))
        {
            world.Schedule.After(chance.Seconds(0, 300), () => world.Ecs.Others.TakeOut(resource, group));
        }

        _targets.Add((account, resource, group));
        return (account, resource, group);
    }

    private byte[] Invalid(int number) => Encoding.UTF8.GetBytes(chance.Pick(
        "this is no JSON",
        $$"""{"requestId":"r-{{number}}","instanceId":"web-{{number}}","securityGroupId":"sg-{{number}}","regionId":"cn-hangzhou"}""",
        $$"""{"instanceId":"i-{{number}}","securityGroupId":"sg-{{number}}","regionId":"cn-hangzhou","dryrun":true}"""));

    private static byte[] Json(Dictionary<string, object> members) => JsonSerializer.SerializeToUtf8Bytes(members);

    private static string Rfc3339(DateTimeOffset instant) => instant.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);
}
