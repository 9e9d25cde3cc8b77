using System.Net;
using System.Text;

namespace Ungroup.Simulation.Cloud.Ecs;

/// <summary>An answer of ECS, or of something in between.</summary>
internal sealed record EcsAnswer(int Status, string Body, string? Code = null)
{
    public int? RetryAfter { get; init; }

    public DateTimeOffset? Date { get; init; }

    public static EcsAnswer Ok { get; } = new(200, """{"RequestId":"REQ-OK"}""");

    public static EcsAnswer BadGateway { get; } = new(502, "<html><body>Bad Gateway</body></html>", "NoReply.Unreadable");

    public static EcsAnswer Empty { get; } = new(200, "", "NoReply.Unreadable");

    /// <summary>Pages of proxies, firewalls and portals, and statuses that belie their bodies.</summary>
    public static EcsAnswer[] Foreign { get; } =
    [
        .. from reply in ((int Status, string Body)[])
            [
                (403, "<html>Forbidden</html>"), (404, ""), (401, ""), (407, "<html/>"), (413, "Too large"), (429, "Slow down"), (302, ""),
                (400, "[]"), (403, """{"Code":"Forbidden"}"""), (200, "{}"), (200, "<html>Please log in</html>"), (202, """{"RequestId":"R"}"""),
                (206, """{"RequestId":"R"}"""), (204, ""), (200, """{"RequestId":"R","Code":"InternalError"}"""),
            ]
            select new EcsAnswer(reply.Status, reply.Body, "NoReply.Unreadable"),
    ];

    public static EcsAnswer NonceUsed { get; } = Error(400, "SignatureNonceUsed");

    /// <summary>The date of the call is too far from ours.</summary>
    public static EcsAnswer WrongDate(DateTimeOffset now) => Error(400, "InvalidTimeStamp.Expired") with { Date = now };

    public static EcsAnswer Error(int status, string code) =>
        new(status, $$"""{"RequestId":"REQ-{{code}}","HostId":"ecs","Code":"{{code}}","Message":"Simulated."}""", code);

    public static EcsAnswer Group(string group) => new(200, $$$"""
        {"RequestId":"REQ-GROUP","SecurityGroups":{"SecurityGroup":[{"SecurityGroupId":"{{{group}}}","ServiceManaged":false}]}}
        """);

    /// <summary>A group that lets nothing through, in the one VPC that there is.</summary>
    public static EcsAnswer Rules(string group) => new(200, $$$"""
        {"RequestId":"REQ-RULES","SecurityGroupId":"{{{group}}}","VpcId":"vpc-1","InnerAccessPolicy":"Drop","Permissions":{"Permission":[
         {"Direction":"egress","Policy":"Drop","IpProtocol":"ALL","PortRange":"-1/-1","DestCidrIp":"0.0.0.0/0"},
         {"Direction":"egress","Policy":"Drop","IpProtocol":"ALL","PortRange":"-1/-1","Ipv6DestCidrIp":"::/0"}]}}
        """);

    public static EcsAnswer Instances(IReadOnlyCollection<(ShownResource Instance, List<SimulatedResource> Cards)> shown, int? total = null, string? token = null) =>
        new(200, $$"""{"RequestId":"REQ-READ",{{Page(total ?? shown.Count, token)}}"Instances":{"Instance":[{{string.Join(',', shown.Select(one => Instance(one.Instance, one.Cards)))}} ] } }""");

    public static EcsAnswer Cards(IReadOnlyCollection<ShownResource> shown, int? total = null, string? token = null) =>
        new(200, $$"""{"RequestId":"REQ-READ",{{Page(total ?? shown.Count, token)}}"NetworkInterfaceSets":{"NetworkInterfaceSet":[{{string.Join(',', shown.Select(Card))}} ] } }""");

    private static string Instance(ShownResource shown, IEnumerable<SimulatedResource> cards) => $$"""
        {"InstanceId":"{{shown.Resource.Id}}","Status":"{{(shown.IsMoving ? "Starting" : "Running")}}",{{Tags(shown)}}"VpcAttributes":{"VpcId":"vpc-1"},
         "SecurityGroupIds":{"SecurityGroupId":[{{Quoted(shown.Groups)}}] },"OperationLocks":{"LockReason":[] },
         "NetworkInterfaces":{"NetworkInterface":[{{string.Join(',', cards.Select(Named))}}] } }
        """;

    private static string Page(int total, string? token) => $"\"TotalCount\":{total},{(token is null ? "" : $"\"NextToken\":\"{token}\",")}";

    private static string Tags(ShownResource shown) => shown.Tags is not { } tags ? ""
        : $$""" "Tags":{"Tag":[{{string.Join(',', tags.Select(tag => $$"""{"TagKey":"{{tag.Key}}","TagValue":"{{tag.Value}}"}"""))}}] },""";

    private static string Named(SimulatedResource card) => $$"""{"NetworkInterfaceId":"{{card.Card}}","Type":"{{TypeOf(card)}}"}""";

    private static string Card(ShownResource shown) => $$"""
        {"NetworkInterfaceId":"{{shown.Resource.Card}}","Type":"{{TypeOf(shown.Resource)}}","InstanceId":"{{shown.Host}}","VpcId":"vpc-1",
         "Status":"{{(shown.IsMoving ? "Attaching" : "InUse")}}",{{Tags(shown)}}"ServiceManaged":false,"SecurityGroupIds":{"SecurityGroupId":[{{Quoted(shown.Groups)}}] } }
        """;

    private static string TypeOf(SimulatedResource resource) => resource.IsInstance ? "Primary" : "Secondary";

    private static string Quoted(IEnumerable<string> texts) => string.Join(',', texts.Select(text => $"\"{text}\""));

    public HttpResponseMessage ToResponse()
    {
        var response = new HttpResponseMessage((HttpStatusCode)Status) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(Body)) };
        response.Headers.Date = Date;
        if (RetryAfter is { } hint)
        {
            response.Headers.TryAddWithoutValidation("x-acs-retry-after", $"{hint}");
        }

        return response;
    }
}
