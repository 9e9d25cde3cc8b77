using System.Globalization;
using System.Text.Json;
using Ungroup.Jobs;
using Ungroup.Simulation.Story;
using Ungroup.Simulation.Time;
using Ungroup.Simulation.Workers;

namespace Ungroup.Simulation.Plan;

/// <summary>One job, and the resources that it is about: members and others, some of which are protected, are not there, or will not leave.</summary>
internal sealed class JobDraft
{
    private static readonly JobReader Reader = new(Ids.Accounts);

    // Longer than anything takes here, and not so long that a request whose message is lost costs more than all the rest of a seed.
    private static readonly TimeSpan Longest = TimeSpan.FromHours(2);

    private readonly World _world;
    private readonly Chance _chance;
    private readonly List<string> _resources = [];
    private readonly double _failing;
    private readonly int _number;

    public JobDraft(int number, World world, Chance chance)
    {
        (_number, _world, _chance) = (number, world, chance);
        Account = chance.Pick("default", "default", "beijing");
        Group = chance.Hits(0.15) ? Ids.ApprovalGroup : $"sg-j{number}";
        Begins = chance.Seconds(0, 90);
        _failing = chance.Pick(0, 0.05, 0.05, 0.5);
        for (var count = chance.Between(3, chance.Hits(0.15) ? 60 : 14); count > 0; count--)
        {
            _resources.Add(Resource(count));
        }

        Body = JsonSerializer.SerializeToUtf8Bytes(Members());
        Job = Read(Body);
    }

    public string Account { get; }

    /// <summary>The group that everything is to leave, or whose members are to be contained.</summary>
    public string Group { get; }

    public TimeSpan Begins { get; }

    public byte[] Body { get; }

    public JobRequest Job { get; }

    /// <summary>The same name on something else.</summary>
    public byte[] Contradiction() => With("reason", "somebody took the same name");

    /// <summary>The same by another name.</summary>
    public byte[] Named(string jobId) => With("jobId", jobId);

    private byte[] With(string member, string value)
    {
        var members = JsonSerializer.Deserialize<Dictionary<string, object>>(Body)!;
        members[member] = value;
        return JsonSerializer.SerializeToUtf8Bytes(members);
    }

    public static JobRequest Read(byte[] body) => ((ParsedJob.Accepted)Reader.Read(
        new() { MessageId = "m", Body = body, ContentType = "application/json", EnqueuedAt = Schedule.Start }, JobReader.LongestBody)).Job;

    public string AnyResource() => _resources[_chance.Below(_resources.Count)];

    private string Resource(int number)
    {
        var isInstance = _chance.Hits(0.7);
        var id = $"{(isInstance ? "i" : "eni")}-j{_number}-{number}";
        if (_chance.Hits(0.05))
        {
            // ECS does not know it.
            return id;
        }

        string[] groups = _chance.Hits(0.1) ? [Ids.OtherGroup] : _chance.Hits(_failing) ? [Group] : [Group, Ids.OtherGroup];
        Dictionary<string, string>? tags = _chance.Hits(0.05) ? null : [];
        if (tags is not null && _chance.Hits(0.7))
        {
            tags["env"] = _chance.Pick("dev", "dev", "prod");
        }

        if (tags is not null && _chance.Hits(0.1))
        {
            tags["keep"] = "yes";
        }

        var host = isInstance ? null : _resources.Find(other => Cloud.Ecs.SimulatedResource.IsInstanceId(other) && _world.Ecs.Resources[other] is not null);
        _world.Ecs.Resources.Add(new(id, Ids.RegionOf(Account), groups)
        {
            Refuses = _chance.Hits(_failing / 2) ? "InvalidOperation.ResourceManagedByCloudProduct" : null,
            SettledAt = _chance.Hits(0.05) ? Schedule.Start + _chance.Seconds(0, 300) : default,
            Tags = tags,
        });
        if (host is not null)
        {
            _world.Ecs.Resources.Attach(_world.Ecs.Resources[id]!, host, since: DateTimeOffset.MinValue);
        }

        _world.History.Add("ecs", new Happening.Tagged(id, Ids.RegionOf(Account), tags, host));
        return id;
    }

    private Dictionary<string, object> Members()
    {
        var isContain = _chance.Hits(0.15);
        var members = new Dictionary<string, object>
        {
            ["jobId"] = $"job-{_number}",
            ["account"] = Account,
            ["regionId"] = Ids.RegionOf(Account),
            ["action"] = isContain ? "contain" : "remove",
            ["requestedBy"] = "inventory",
        };
        if (!isContain)
        {
            members["securityGroupId"] = Group;
        }

        if (_chance.Hits(0.5))
        {
            members["resources"] = _resources;
        }
        else
        {
            Select(members);
        }

        var stops = _world.Stops is not null;
        members["origin"] = _chance.Hits(stops ? 0.7 : 0.2) ? "cleanup" : _chance.Pick("upstream", "upstream", "incident");
        if (_chance.Hits(0.6))
        {
            members["maxFailures"] = _chance.Between(0, 3);
        }

        if (_chance.Hits(0.25))
        {
            members["approval"] = "required";
        }

        if (_chance.Hits(0.08))
        {
            members["dryRun"] = true;
        }

        var earliest = Schedule.Start + Begins;
        if (_chance.Hits(0.1))
        {
            members["notBefore"] = Rfc3339(earliest += _chance.Seconds(1, 300));
        }

        members["expiresAt"] = Rfc3339(earliest + (_chance.Hits(0.15) ? _chance.Seconds(1, 300) : Longest));
        return members;
    }

    private void Select(Dictionary<string, object> members)
    {
        var select = new Dictionary<string, object> { ["memberOf"] = Group };
        if (_chance.Hits(0.5))
        {
            select["tags"] = new Dictionary<string, string> { ["env"] = "dev" };
        }

        if (_chance.Hits(0.5))
        {
            select["exceptTags"] = new Dictionary<string, string> { ["keep"] = "yes" };
        }

        members["select"] = select;
        if (_chance.Hits(0.2))
        {
            members["most"] = _chance.Between(0, 10);
        }

        if (_chance.Hits(0.1))
        {
            members["stopIfMoreThan"] = "50%";
        }
    }

    private static string Rfc3339(DateTimeOffset instant) => instant.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
