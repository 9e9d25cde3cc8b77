using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ungroup.Tests.Ecs.Containment;

/// <summary>ECS with hosts, their interfaces and groups: answers as its pages say, and keeps what was asked.</summary>
internal sealed class HostWorld : HttpMessageHandler
{
    private readonly Dictionary<string, Card> _cards = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SecurityGroup> _groups = new(StringComparer.Ordinal);

    public int MostGroups { get; set; } = 10;

    public List<WorldCall> Calls { get; } = [];

    /// <summary>Changes, as they were made.</summary>
    public IEnumerable<string> Changes => Calls.Where(call => !call.Action.StartsWith("Describe", StringComparison.Ordinal)).Select(call => call.ToString());

    /// <summary>Runs before a call is carried out; somebody else's hand.</summary>
    public Action<WorldCall> Before { get; set; } = _ => { };

    /// <summary>In place of the answer, or null; the call is not carried out.</summary>
    public Func<WorldCall, JsonObject?> Instead { get; set; } = _ => null;

    /// <summary>Whether a call finds no way to ECS.</summary>
    public Func<WorldCall, bool> Unreachable { get; set; } = _ => false;

    /// <summary>Whether a reply is lost, after the call was carried out.</summary>
    public Func<WorldCall, bool> Loses { get; set; } = _ => false;

    /// <summary>The fewest groups that any resource was ever in.</summary>
    public int Fewest { get; private set; } = int.MaxValue;

    public HostWorld Host(string instance, params string[] groups) => Card(instance, instance, "Primary", groups);

    public HostWorld Card(string id, string? instance, params string[] groups) => Card(id, instance, "Secondary", groups);

    public HostWorld Group(string id, string vpc = "vpc-1", string inner = "Drop", bool managed = false, params string[] rules)
    {
        _groups[id] = new(vpc, inner, managed, rules);
        return this;
    }

    public Card this[string resource] => _cards[resource];

    public IEnumerable<string> Of(string resource) => _cards[resource].Groups.Order(StringComparer.Ordinal);

    public void Detach(string card) => _cards.Remove(card);

    public void DeleteGroup(string group)
    {
        _groups.Remove(group);
        foreach (var card in _cards.Values)
        {
            card.Groups.Remove(group);
        }
    }

    private HostWorld Card(string id, string? instance, string type, string[] groups)
    {
        _cards[id] = new() { Instance = instance, Type = type, Groups = [.. groups] };
        foreach (var group in groups)
        {
            _groups.TryAdd(group, new("vpc-1", "Drop", false, []));
        }

        return this;
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var query = request.RequestUri!.Query.TrimStart('?').Split('&').Select(pair => pair.Split('=', 2))
            .ToDictionary(pair => pair[0], pair => Uri.UnescapeDataString(pair[1]));
        var call = new WorldCall(request.Headers.NonValidated["x-acs-action"].ToString(), query);
        Calls.Add(call);
        if (Unreachable(call))
        {
            return Task.FromException<HttpResponseMessage>(new HttpRequestException(HttpRequestError.NameResolutionError, "No such host."));
        }

        Before(call);
        var answer = Instead(call) ?? Answer(call);
        Fewest = _cards.Values.Select(card => card.Groups.Count).Append(Fewest).Min();
        return Loses(call)
            ? Task.FromException<HttpResponseMessage>(new HttpRequestException(HttpRequestError.ResponseEnded, "The server closed the connection."))
            : Task.FromResult(new HttpResponseMessage(answer["Code"] is null ? HttpStatusCode.OK : HttpStatusCode.BadRequest)
            {
                Content = new StringContent(answer.ToJsonString(), Encoding.UTF8, "application/json"),
            });
    }

    public static JsonObject Error(string code) => new() { ["RequestId"] = "R", ["HostId"] = "ecs", ["Code"] = code, ["Message"] = "As the page says." };

    private JsonObject Answer(WorldCall call) => call.Action switch
    {
        "JoinSecurityGroup" => Join(call.Resource, call.Group),
        "LeaveSecurityGroup" => Leave(call.Resource, call.Group),
        "ModifyInstanceAttribute" or "ModifyNetworkInterfaceAttribute" => Modify(call),
        "DescribeInstances" => Instances(call.Resource),
        "DescribeNetworkInterfaces" => Interfaces(call),
        "DescribeSecurityGroups" => Groups(call.Group),
        "DescribeSecurityGroupAttribute" => Attribute(call.Group),
        _ => Error("InvalidAction.NotFound"),
    };

    private JsonObject Join(string resource, string group)
    {
        if (Refusal(resource) is { } refusal)
        {
            return refusal;
        }

        var card = _cards[resource];
        if (!_groups.ContainsKey(group))
        {
            return Error("InvalidSecurityGroupId.NotFound");
        }

        if (card.Groups.Contains(group))
        {
            return Error("InvalidInstanceId.AlreadyExists");
        }

        if (card.Groups.Count >= MostGroups)
        {
            return Error("InstanceSecurityGroupLimitExceeded");
        }

        card.Groups.Add(group);
        return Ok();
    }

    private JsonObject Leave(string resource, string group)
    {
        if (Refusal(resource) is { } refusal)
        {
            return refusal;
        }

        var card = _cards[resource];
        if (!card.Groups.Contains(group))
        {
            return Error("InvalidSecurityGroupAssociation.NotFound");
        }

        if (card.Groups.Count == 1)
        {
            return Error("InvalidOperation.AtLeastInOneGroup");
        }

        card.Groups.Remove(group);
        return Ok();
    }

    private JsonObject Modify(WorldCall call)
    {
        if (Refusal(call.Resource) is { } refusal)
        {
            return refusal;
        }

        var set = call.Query.Where(one => one.Key.StartsWith("SecurityGroupId", StringComparison.Ordinal)).Select(one => one.Value).ToList();
        if (set.Exists(group => !_groups.ContainsKey(group)))
        {
            return Error("InvalidSecurityGroupId.NotFound");
        }

        _cards[call.Resource].Groups = set;
        return Ok();
    }

    private JsonObject? Refusal(string resource) =>
        !_cards.TryGetValue(resource, out var card) ? Error(resource.StartsWith("i-", StringComparison.Ordinal) ? "InvalidInstanceId.NotFound" : "InvalidEniId.NotFound")
        : card.Refuses is { } code ? Error(code) : null;

    private JsonObject Instances(string instance) => new()
    {
        ["RequestId"] = "R",
        ["Instances"] = new JsonObject
        {
            ["Instance"] = new JsonArray([.. _cards.Where(card => card.Key == instance).Select(card => new JsonObject
            {
                ["InstanceId"] = instance,
                ["Status"] = "Running",
                ["VpcAttributes"] = new JsonObject { ["VpcId"] = card.Value.Vpc },
                ["SecurityGroupIds"] = new JsonObject { ["SecurityGroupId"] = Texts(card.Value.Shown) },
                ["Tags"] = TagsOf(card.Value),
                ["NetworkInterfaces"] = new JsonObject
                {
                    ["NetworkInterface"] = new JsonArray([.. _cards.Where(other => other.Value.Instance == instance).Select(other => new JsonObject
                    {
                        ["NetworkInterfaceId"] = IdOf(other.Key),
                        ["Type"] = other.Value.Type,
                    })]),
                },
            })]),
        },
    };

    private JsonObject Interfaces(WorldCall call) => new()
    {
        ["RequestId"] = "R",
        ["NetworkInterfaceSets"] = new JsonObject
        {
            ["NetworkInterfaceSet"] = new JsonArray([.. _cards
                .Where(card => call.Query.TryGetValue("InstanceId", out var instance)
                    ? card.Value.Instance == instance && !card.Value.IsManaged
                    : call.Query.Any(one => one.Key.StartsWith("NetworkInterfaceId.", StringComparison.Ordinal) && one.Value == IdOf(card.Key)))
                .Select(card => new JsonObject
                {
                    ["NetworkInterfaceId"] = IdOf(card.Key),
                    ["Type"] = card.Value.Type,
                    ["Status"] = "InUse",
                    ["InstanceId"] = card.Value.IsManaged ? "" : card.Value.Instance,
                    ["VpcId"] = card.Value.Vpc,
                    ["MacAddress"] = "00:16:3e:00:00:01",
                    ["ServiceManaged"] = card.Value.IsManaged,
                    ["SecurityGroupIds"] = new JsonObject { ["SecurityGroupId"] = Texts(card.Value.Shown) },
                    ["Tags"] = TagsOf(card.Value),
                    ["ConnectionTrackingConfiguration"] = new JsonObject { ["TcpEstablishedTimeout"] = 300 },
                })]),
        },
    };

    private JsonObject Groups(string id) => new()
    {
        ["RequestId"] = "R",
        ["SecurityGroups"] = new JsonObject
        {
            ["SecurityGroup"] = new JsonArray([.. _groups.Where(group => group.Key == id).Select(group => new JsonObject
            {
                ["SecurityGroupId"] = id,
                ["VpcId"] = group.Value.Vpc,
                ["SecurityGroupType"] = "normal",
                ["ServiceManaged"] = group.Value.IsManaged,
            })]),
        },
    };

    private JsonObject Attribute(string id) => !_groups.TryGetValue(id, out var group) ? Error("InvalidSecurityGroupId.NotFound") : new()
    {
        ["RequestId"] = "R",
        ["SecurityGroupId"] = id,
        ["VpcId"] = group.Vpc,
        ["InnerAccessPolicy"] = group.Inner,
        ["Permissions"] = new JsonObject { ["Permission"] = new JsonArray([.. group.Rules.Concat(Closed).Select(rule => JsonNode.Parse(rule))]) },
    };

    private static readonly string[] Closed =
    [
        """{"Direction":"egress","Policy":"Drop","IpProtocol":"ALL","PortRange":"-1/-1","DestCidrIp":"0.0.0.0/0"}""",
        """{"Direction":"egress","Policy":"Drop","IpProtocol":"ALL","PortRange":"-1/-1","Ipv6DestCidrIp":"::/0"}""",
    ];

    private static string IdOf(string resource) => resource.StartsWith("i-", StringComparison.Ordinal) ? $"eni-of-{resource}" : resource;

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(text => JsonValue.Create(text))]);

    private static JsonObject TagsOf(Card card) => new()
    {
        ["Tag"] = new JsonArray([.. card.Tags.Select(key => new JsonObject { ["TagKey"] = key, ["TagValue"] = "" })]),
    };

    private static JsonObject Ok() => new() { ["RequestId"] = "REQ-OK" };

    private sealed record SecurityGroup(string Vpc, string Inner, bool IsManaged, string[] Rules);
}

/// <summary>An interface; an instance's primary one goes by the instance's id.</summary>
internal sealed class Card
{
    private int _lag;
    private List<string>? _before;

    public string? Instance { get; set; }

    public required string Type { get; init; }

    public string Vpc { get; set; } = "vpc-1";

    public bool IsManaged { get; set; }

    public IList<string> Tags { get; } = [];

    /// <summary>The code with which every change is refused.</summary>
    public string? Refuses { get; set; }

    public required List<string> Groups { get; set; }

    /// <summary>So many reads show the groups as they are now.</summary>
    public void Lag(int reads) => (_lag, _before) = (reads, [.. Groups]);

    public IReadOnlyList<string> Shown => _lag-- > 0 ? _before! : Groups;
}

internal sealed record WorldCall(string Action, IReadOnlyDictionary<string, string> Query)
{
    public string Resource => Query.GetValueOrDefault("InstanceId") ?? Query.GetValueOrDefault("InstanceIds")?.Trim('[', ']', '"')
        ?? Query.GetValueOrDefault("NetworkInterfaceId") ?? Query.GetValueOrDefault("NetworkInterfaceId.1") ?? "";

    public string Group => Query.GetValueOrDefault("SecurityGroupId") ?? Query.GetValueOrDefault("SecurityGroupIds")?.Trim('[', ']', '"')
        ?? string.Join(',', Query.Where(one => one.Key.StartsWith("SecurityGroupId", StringComparison.Ordinal)).Select(one => one.Value));

    public override string ToString() => $"{Action.Replace("SecurityGroup", "", StringComparison.Ordinal)} {Resource} {Group}";
}
