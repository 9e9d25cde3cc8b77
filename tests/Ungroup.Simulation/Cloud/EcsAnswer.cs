using System.Net;
using System.Text;
using Ungroup.Simulation.Story;

namespace Ungroup.Simulation.Cloud;

/// <summary>What ECS, or something in between, answers.</summary>
internal sealed record EcsAnswer(int Status, string Body, string? Code = null)
{
    public int? RetryAfter { get; init; }

    public DateTimeOffset? Date { get; init; }

    public static EcsAnswer Ok { get; } = new(200, """{"RequestId":"REQ-OK"}""");

    public static EcsAnswer BadGateway { get; } = new(502, "<html><body>Bad Gateway</body></html>", "NoReply.Unreadable");

    public static EcsAnswer Empty { get; } = new(200, "", "NoReply.Unreadable");

    /// <summary>What proxies, firewalls and portals say, and statuses that belie their bodies.</summary>
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

    public static EcsAnswer NoResource(EcsExchange call) => new(200, call.Action == "DescribeInstances"
        ? """{"RequestId":"REQ-READ","Instances":{"Instance":[]}}"""
        : """{"RequestId":"REQ-READ","NetworkInterfaceSets":{"NetworkInterfaceSet":[]}}""");

    public static EcsAnswer Resource(SimulatedResource resource, IEnumerable<string> groups, bool isMoving)
    {
        var quoted = string.Join(',', groups.Select(group => $"\"{group}\""));
        return new(200, resource.IsInstance
            ? $$$"""
                {"RequestId":"REQ-READ","Instances":{"Instance":[{"InstanceId":"{{{resource.Id}}}","Status":"{{{(isMoving ? "Starting" : "Running")}}}",
                 "SecurityGroupIds":{"SecurityGroupId":[{{{quoted}}}]},"OperationLocks":{"LockReason":[]},
                 "NetworkInterfaces":{"NetworkInterface":[{"NetworkInterfaceId":"eni-of-{{{resource.Id}}}"}]}}]}}
                """
            : $$$"""
                {"RequestId":"REQ-READ","NetworkInterfaceSets":{"NetworkInterfaceSet":[{"NetworkInterfaceId":"{{{resource.Id}}}",
                 "Status":"{{{(isMoving ? "Attaching" : "InUse")}}}","ServiceManaged":false,"SecurityGroupIds":{"SecurityGroupId":[{{{quoted}}}]}}]}}
                """);
    }

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
