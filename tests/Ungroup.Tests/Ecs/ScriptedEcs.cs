using System.Net;
using System.Text;

namespace Ungroup.Tests.Ecs;

/// <summary>ECS at the wire: answers each action from its script, the last line for ever, and keeps what it was asked.</summary>
internal sealed class ScriptedEcs(TimeProvider clock) : HttpMessageHandler
{
    private readonly Dictionary<string, Queue<ScriptedReply>> _scripts = new(StringComparer.Ordinal);

    public List<SeenCall> Calls { get; } = [];

    public IEnumerable<SeenCall> Leaves => Calls.Where(call => call.Action == "LeaveSecurityGroup");

    public ScriptedEcs On(string action, params ScriptedReply[] replies)
    {
        _scripts[action] = new(replies);
        return this;
    }

    public ScriptedEcs OnLeave(params ScriptedReply[] replies) => On("LeaveSecurityGroup", replies);

    public ScriptedEcs OnRead(params ScriptedReply[] replies) => On("DescribeInstances", replies);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var headers = request.Headers.NonValidated.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);

        // .NET writes the host by itself, where no header says another.
        headers.TryAdd("host", request.RequestUri!.Authority);
        var call = new SeenCall(
            request.Method.Method,
            request.RequestUri!,
            headers,
            clock.GetUtcNow(),
            request.Content is { } content ? await content.ReadAsStringAsync(cancellationToken) : "");
        Calls.Add(call);
        var script = _scripts.GetValueOrDefault(call.Action) ?? throw new InvalidOperationException($"Nobody scripted {call.Action}.");
        return await (script.Count > 1 ? script.Dequeue() : script.Peek())(cancellationToken);
    }
}

internal delegate Task<HttpResponseMessage> ScriptedReply(CancellationToken cancellationToken);

internal sealed record SeenCall(string Method, Uri Url, IReadOnlyDictionary<string, string> Headers, DateTimeOffset At, string Form)
{
    /// <summary>ECS is told by a header, STS in the query; what has neither is a token or credentials, asked for by path.</summary>
    public string Action => Headers.GetValueOrDefault("x-acs-action")
        ?? Url.Query.TrimStart('?').Split('&').FirstOrDefault(pair => pair.StartsWith("Action=", StringComparison.Ordinal))?["Action=".Length..]
        ?? Url.AbsolutePath;

    public string Nonce => Headers["x-acs-signature-nonce"];
}

/// <summary>Answers of ECS, or of something that stands between.</summary>
internal static class Replies
{
    public static ScriptedReply Ok => Json(200, """{"RequestId":"REQ-OK"}""");

    public static ScriptedReply Never => async cancellationToken =>
    {
        var never = new TaskCompletionSource<HttpResponseMessage>();
        await using var registration = cancellationToken.Register(() => never.TrySetCanceled(cancellationToken));
        return await never.Task;
    };

    public static ScriptedReply Instance(params string[] groups) => InstanceWith("Running", [], groups);

    public static ScriptedReply InstanceWith(string status, string[] locks, params string[] groups) => Json(200, $$$"""
        {"RequestId":"REQ-READ","Instances":{"Instance":[{"InstanceId":"{{{Removals.Instance}}}","Status":"{{{status}}}",
         "SecurityGroupIds":{"SecurityGroupId":[{{{Quoted(groups)}}}]},
         "OperationLocks":{"LockReason":[{{{string.Join(',', locks.Select(kind => $$"""{"LockReason":"{{kind}}"}"""))}}}]}}]}}
        """);

    public static ScriptedReply Eni(string status, bool managed, params string[] groups) => Json(200, $$$"""
        {"RequestId":"REQ-READ","NetworkInterfaceSets":{"NetworkInterfaceSet":[{"NetworkInterfaceId":"{{{Removals.Eni}}}","Status":"{{{status}}}",
         "ServiceManaged":{{{(managed ? "true" : "false")}}},"SecurityGroupIds":{"SecurityGroupId":[{{{Quoted(groups)}}}]}}]}}
        """);

    /// <summary>An instance with its interfaces.</summary>
    public static ScriptedReply InstanceOf(string[] interfaces, params string[] groups) => Json(200, $$$"""
        {"RequestId":"REQ-READ","Instances":{"Instance":[{"InstanceId":"{{{Removals.Instance}}}","Status":"Running",
         "NetworkInterfaces":{"NetworkInterface":[{{{string.Join(',', interfaces.Select(id => $$"""{"NetworkInterfaceId":"{{id}}"}"""))}}}]},
         "SecurityGroupIds":{"SecurityGroupId":[{{{Quoted(groups)}}}]}}]}}
        """);

    /// <summary>An interface with its instance, empty where it is attached to none.</summary>
    public static ScriptedReply EniOf(string instance, params string[] groups) => Json(200, $$$"""
        {"RequestId":"REQ-READ","NetworkInterfaceSets":{"NetworkInterfaceSet":[{"NetworkInterfaceId":"{{{Removals.Eni}}}","Status":"InUse",
         "InstanceId":"{{{instance}}}","SecurityGroupIds":{"SecurityGroupId":[{{{Quoted(groups)}}}]}}]}}
        """);

    public static ScriptedReply NoInstance => Json(200, """{"RequestId":"REQ-READ","Instances":{"Instance":[]}}""");

    public static ScriptedReply Group(bool managed = false) => Json(200, $$$"""
        {"RequestId":"REQ-GROUP","SecurityGroups":{"SecurityGroup":[{"SecurityGroupId":"{{{Removals.Group}}}","ServiceManaged":{{{(managed ? "true" : "false")}}}}]}}
        """);

    public static ScriptedReply Error(int status, string code, string message = "As the page says.") =>
        Json(status, $$"""{"RequestId":"REQ-{{code}}","HostId":"ecs","Code":"{{code}}","Message":"{{message}}"}""");

    public static ScriptedReply Json(int status, string body) => Body(status, "application/json", body);

    public static ScriptedReply Body(int status, string mediaType, string body) => _ => Task.FromResult(new HttpResponseMessage((HttpStatusCode)status)
    {
        Content = new StringContent(body, Encoding.UTF8, mediaType),
    });

    public static ScriptedReply With(this ScriptedReply reply, string header, string value) => async cancellationToken =>
    {
        var response = await reply(cancellationToken);
        response.Headers.TryAddWithoutValidation(header, value);
        return response;
    };

    public static ScriptedReply After(this ScriptedReply reply, TimeSpan delay, TimeProvider clock) => async cancellationToken =>
    {
        await Task.Delay(delay, clock, cancellationToken);
        return await reply(cancellationToken);
    };

    public static ScriptedReply Doing(this ScriptedReply reply, Action action) => cancellationToken =>
    {
        action();
        return reply(cancellationToken);
    };

    public static ScriptedReply Broken(Exception problem) => _ => Task.FromException<HttpResponseMessage>(problem);

    public static ScriptedReply Reset => Broken(new HttpRequestException(HttpRequestError.ResponseEnded, "The server closed the connection."));

    private static string Quoted(IEnumerable<string> values) => string.Join(',', values.Select(value => $"\"{value}\""));
}
