using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace Ungroup.Tests.Jobs;

/// <summary>ECS with groups of many members and their tags, listed in pages by tokens. An account without leave to list gets an empty list.</summary>
internal sealed class GroupWorld : HttpMessageHandler
{
    private readonly SortedDictionary<string, Member> _members = new(StringComparer.Ordinal);

    public List<(string Action, Dictionary<string, string> Query)> Calls { get; } = [];

    /// <summary>How many rows a page has, however many are asked for.</summary>
    public int PageSize { get; set; } = 100;

    /// <summary>Calls that are not permitted.</summary>
    public HashSet<string> Denied { get; } = [];

    public HashSet<string> ManagedGroups { get; } = [];

    /// <summary>In place of the answer, or null.</summary>
    public Func<string, Dictionary<string, string>, JsonObject?> Instead { get; set; } = (_, _) => null;

    /// <summary>Waited for before the answer.</summary>
    public Func<string, Task> Delay { get; set; } = _ => Task.CompletedTask;

    public IEnumerable<string> Left => Calls.Where(call => call.Action == "LeaveSecurityGroup").Select(call => call.Query.GetValueOrDefault("InstanceId") ?? call.Query["NetworkInterfaceId"]);

    public Member this[string id] => _members[id];

    public GroupWorld Instances(int count, string group, string? tag = null, int from = 0)
    {
        foreach (var at in Enumerable.Range(from, count))
        {
            Add($"i-{at:D5}", [group, "sg-other"], tag);
        }

        return this;
    }

    public Member Add(string id, string[] groups, string? tag = null, string? instance = null, bool managed = false) => _members[id] = new()
    {
        Groups = [.. groups],
        Tags = tag is null ? [] : tag.Split(',').Select(one => one.Split('=')).ToDictionary(one => one[0], one => one[1]),
        Instance = instance,
        IsManaged = managed,
    };

    public static JsonObject Error(string code) => new() { ["RequestId"] = "R", ["HostId"] = "ecs", ["Code"] = code, ["Message"] = "As the page says." };

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var query = request.RequestUri!.Query.TrimStart('?').Split('&').Select(pair => pair.Split('=', 2)).ToDictionary(pair => pair[0], pair => Uri.UnescapeDataString(pair[1]));
        var action = request.Headers.NonValidated["x-acs-action"].ToString();
        await Delay(action).WaitAsync(cancellationToken);
        lock (Calls)
        {
            Calls.Add((action, query));
            var answer = Instead(action, query) ?? Answer(action, query);
            return new HttpResponseMessage(answer["Code"] is null ? HttpStatusCode.OK : HttpStatusCode.BadRequest)
            {
                Content = new StringContent(answer.ToJsonString(), Encoding.UTF8, "application/json"),
            };
        }
    }

    private JsonObject Answer(string action, Dictionary<string, string> query) => action switch
    {
        "DescribeInstances" => List(action, query, "Instances", "Instance", "InstanceId", id => id.StartsWith("i-", StringComparison.Ordinal)),
        "DescribeNetworkInterfaces" => List(action, query, "NetworkInterfaceSets", "NetworkInterfaceSet", "NetworkInterfaceId", id => id.StartsWith("eni-", StringComparison.Ordinal)),
        "DescribeSecurityGroups" => new()
        {
            ["RequestId"] = "R",
            ["SecurityGroups"] = new JsonObject
            {
                ["SecurityGroup"] = new JsonArray(
                    [.. query["SecurityGroupIds"].Trim('[', ']').Split(',').Select(id => id.Trim('"')).Where(id => id != "sg-gone")
                        .Select(id => (JsonNode)new JsonObject { ["SecurityGroupId"] = id, ["ServiceManaged"] = ManagedGroups.Contains(id) })]),
            },
        },
        "JoinSecurityGroup" => Denied.Contains(action) ? Error("Forbidden.RAM") : Join(query.GetValueOrDefault("InstanceId") ?? query["NetworkInterfaceId"], query["SecurityGroupId"]),
        "LeaveSecurityGroup" => Leave(query.GetValueOrDefault("InstanceId") ?? query["NetworkInterfaceId"], query["SecurityGroupId"]),
        _ => Error("InvalidAction.NotFound"),
    };

    private JsonObject Leave(string id, string group) => !_members.TryGetValue(id, out var member) ? Error("InvalidInstanceId.NotFound")
        : !member.Groups.Contains(group) ? Error("InvalidSecurityGroupAssociation.NotFound")
        : member.Groups.Count == 1 ? Error("InstanceLastSecurityGroup")
        : Removed(member, group);

    private JsonObject Join(string id, string group)
    {
        if (!_members.TryGetValue(id, out var member))
        {
            return Error("InvalidInstanceId.NotFound");
        }

        member.Groups.Add(group);
        return new() { ["RequestId"] = "R" };
    }

    private static JsonObject Removed(Member member, string group)
    {
        member.Groups.Remove(group);
        return new() { ["RequestId"] = "R" };
    }

    private JsonObject List(string action, Dictionary<string, string> query, string plural, string singular, string key, Func<string, bool> isKind)
    {
        if (query.ContainsKey("DryRun"))
        {
            return Error(Denied.Contains(action) ? "Forbidden.RAM" : "DryRunOperation");
        }

        var ids = query.GetValueOrDefault("InstanceIds")?.Trim('[', ']').Split(',').Select(id => id.Trim('"'))
            ?? query.Where(pair => pair.Key.StartsWith("NetworkInterfaceId.", StringComparison.Ordinal)).Select(pair => pair.Value) switch { var given when given.Any() => given, _ => null };
        var wanted = ids?.ToHashSet();
        var found = Denied.Contains(action) ? [] : _members.Where(member => isKind(member.Key))
            .Where(member => wanted?.Contains(member.Key) ?? true)
            .Where(member => !query.TryGetValue("SecurityGroupId", out var group) || member.Value.Groups.Contains(group)).ToList();
        var skip = query.TryGetValue("NextToken", out var token) ? int.Parse(token[1..], System.Globalization.CultureInfo.InvariantCulture) : 0;
        return new()
        {
            ["RequestId"] = "R",
            ["TotalCount"] = found.Count,
            ["NextToken"] = skip + PageSize < found.Count ? $"t{skip + PageSize}" : "",
            [plural] = new JsonObject { [singular] = new JsonArray([.. found.Skip(skip).Take(PageSize).Select(member => (JsonNode)Row(key, member.Key, member.Value))]) },
        };
    }

    private static JsonObject Row(string key, string id, Member member)
    {
        var row = new JsonObject
        {
            [key] = id,
            ["Status"] = "Running",
            ["SecurityGroupIds"] = new JsonObject { ["SecurityGroupId"] = new JsonArray([.. member.Groups.Select(group => (JsonNode)group)]) },
        };
        if (member.TagsAreThere)
        {
            row["Tags"] = new JsonObject { ["Tag"] = new JsonArray([.. member.Tags.Select(tag => (JsonNode)new JsonObject { ["TagKey"] = tag.Key, ["TagValue"] = tag.Value })]) };
        }

        if (key == "NetworkInterfaceId")
        {
            (row["Type"], row["ServiceManaged"], row["InstanceId"]) = ("Secondary", member.IsManaged, member.Instance ?? "");
        }

        return row;
    }

    internal sealed class Member
    {
        public required List<string> Groups { get; init; }

        public required Dictionary<string, string> Tags { get; init; }

        public string? Instance { get; init; }

        public bool IsManaged { get; init; }

        /// <summary>Or ECS does not say which it has.</summary>
        public bool TagsAreThere { get; set; } = true;
    }
}
