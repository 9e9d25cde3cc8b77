using System.Net.Sockets;
using System.Text;
using Ungroup.Ecs;

namespace Ungroup.Tests.Ecs;

public sealed class EcsClientTests
{
    private readonly EcsBench _bench = new();

    [Fact]
    public void Every_attempt_has_a_nonce_and_a_date_of_its_own()
    {
        _bench.Ecs.OnLeave(Replies.Error(409, "InvalidOperation.Conflict"));

        _bench.Wait();

        Assert.Distinct(_bench.Ecs.Calls.Select(call => call.Nonce));
        Assert.Distinct(_bench.Ecs.Calls.Select(call => call.Headers["x-acs-date"]));
        Assert.Distinct(_bench.Ecs.Calls.Select(call => call.Headers["authorization"]));
    }

    [Fact]
    public void The_call_says_who_makes_it_and_asks_for_JSON()
    {
        Reply(Replies.Ok);

        var headers = Assert.Single(_bench.Ecs.Calls).Headers;
        Assert.Matches(@"^Ungroup/\d+\.\d+\.\d+$", headers["user-agent"]);
        Assert.Equal("application/json", headers["accept"]);
        Assert.Equal("env", headers["x-acs-credentials-provider"]);
    }

    [Fact]
    public void The_port_is_signed_where_it_is_not_the_usual_one()
    {
        _bench.Options.Endpoint = "http://127.0.0.1:5005";

        Reply(Replies.Ok);

        Assert.Equal("127.0.0.1:5005", _bench.Ecs.Calls[0].Headers["host"]);
    }

    [Theory]
    [InlineData("""{"RequestId":"R","Code":"InvalidEniId.NotFound","Message":"Gone."}""")]
    [InlineData("""{"requestId":"R","code":"InvalidEniId.NotFound","message":"Gone."}""")]
    [InlineData("""  {"Nested":{"Code":"Other","More":[{}]},"CODE":"InvalidEniId.NotFound","Message":"Gone.","REQUESTID":"R"}""")]
    [InlineData("<?xml version='1.0' encoding='UTF-8'?><Error><RequestId>R</RequestId><Code>InvalidEniId.NotFound</Code><Message>Gone.</Message></Error>")]
    [InlineData("\n <error><Recommend><![CDATA[https://x?a=b&c]]></Recommend><message>Gone.</message><code>InvalidEniId.NotFound</code><requestId>R</requestId></error>")]
    public void An_error_is_read_in_whatever_shape_it_comes(string body)
    {
        var reply = Reply(Replies.Body(404, "text/plain", body));

        Assert.Equal((404, "InvalidEniId.NotFound", "Gone.", "R", Fault.Permanent), (reply.Status, reply.Code, reply.Message, reply.RequestId, reply.Fault));
    }

    [Theory]
    [InlineData(502, "<html><body>Bad Gateway</body></html>", Fault.Unknown)]
    [InlineData(504, "", Fault.Unknown)]
    [InlineData(500, "{\"RequestId\":\"R\",\"Code\":\"Throttling", Fault.Unknown)]
    [InlineData(503, "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><Error><Code>&e;</Code></Error>", Fault.Unknown)]
    [InlineData(500, "{\"Code\":\"\\ud800\"}", Fault.Unknown)]
    [InlineData(403, "[1,2,3]", Fault.Permanent)]
    [InlineData(404, "<html/>", Fault.Permanent)]
    [InlineData(302, "", Fault.Configuration)]
    public void An_error_that_ECS_did_not_write_keeps_its_status(int status, string body, Fault fault)
    {
        var reply = Reply(Replies.Body(status, "text/html", body).With("x-acs-request-id", "FROM-HEADER"));

        Assert.Equal(($"Http{status}", null, "FROM-HEADER", fault), (reply.Code, reply.Message, reply.RequestId, reply.Fault));
    }

    [Theory]
    [InlineData("""{"RequestId":"R"}""")]
    [InlineData("""<LeaveSecurityGroupResponse><RequestId>R</RequestId></LeaveSecurityGroupResponse>""")]
    public void A_success_has_a_request_id(string body)
    {
        var reply = Reply(Replies.Body(200, "text/plain", body));

        Assert.Equal((null, "R", null), (reply.Fault, reply.RequestId, reply.Code));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("<html><body>Please log in.</body></html>")]
    [InlineData("{\"RequestId\":\"R\"")]
    public void A_success_that_ECS_did_not_write_proves_nothing(string body)
    {
        var reply = Reply(Replies.Body(200, "text/html", body));

        Assert.Equal((Fault.Unknown, NoReply.Unreadable), (reply.Fault, reply.Code));
    }

    [Fact]
    public void A_body_without_end_is_not_read_to_its_end()
    {
        var reply = Reply(Replies.Json(200, $$"""{"RequestId":"R","Padding":"{{new string('x', 5 * 1024 * 1024)}}"}"""));

        Assert.Equal(NoReply.Unreadable, reply.Code);
    }

    [Fact]
    public void A_long_body_is_read()
    {
        var reply = Reply(Replies.Json(200, $$"""{"RequestId":"R","Padding":"{{new string('x', 300_000)}}"}"""));

        Assert.Null(reply.Fault);
    }

    [Theory]
    [InlineData("x-acs-retry-after", "1500", 1500)]
    [InlineData("x-acs-retry-after", "0", null)]
    [InlineData("x-acs-retry-after", "-5", null)]
    [InlineData("x-acs-retry-after", "soon", null)]
    [InlineData("x-acs-retry-after", "99999999999", 900_000)]
    [InlineData("x-ratelimit-user-api", "Limit:1,Remain:0,TimeLeft:2000,Reset:1234", 2000)]
    [InlineData("x-ratelimit-user", "Limit:1, Remain:0, TimeLeft: 3000", 3000)]
    [InlineData("x-ratelimit-user", "nonsense", null)]
    [InlineData("retry-after", "7", null)]
    public void The_wait_ECS_asks_for_is_in_milliseconds_and_positive(string header, string value, int? milliseconds)
    {
        var reply = Reply(Replies.Error(400, "Throttling.User").With(header, value));

        Assert.Equal(milliseconds, (int?)reply.RetryAfter?.TotalMilliseconds);
    }

    [Fact]
    public void An_unknown_no_with_a_hint_is_throttling() =>
        Assert.Equal(Fault.Throttled, Reply(Replies.Error(400, "FlowControl").With("x-acs-retry-after", "100")).Fault);

    [Theory]
    [InlineData("LeaveSecurityGroup", 66)]
    [InlineData("DescribeInstances", 10)]
    [InlineData("DescribeNetworkInterfaces", 16)]
    [InlineData("DescribeSecurityGroups", 25)]
    public void Each_action_is_given_the_time_it_needs(string action, int seconds)
    {
        _bench.Ecs.On(action, Replies.Never);

        var reply = _bench.Send(new("default", "cn-beijing", action));

        Assert.Equal((NoReply.Timeout, Fault.Unknown), (reply.Code, reply.Fault));
        Assert.InRange(_bench.Now - Removals.Start, TimeSpan.FromSeconds(seconds), TimeSpan.FromSeconds(seconds + 0.1));
    }

    [Fact]
    public void What_never_left_is_told_apart_from_what_may_have_arrived()
    {
        Assert.Equal((NoReply.Dns, Fault.Transient), Broken(new HttpRequestException(HttpRequestError.NameResolutionError)));
        Assert.Equal((NoReply.Refused, Fault.Transient), Broken(new HttpRequestException(
            HttpRequestError.ConnectionError, null, new SocketException((int)SocketError.ConnectionRefused))));
        Assert.Equal((NoReply.Connect, Fault.Transient), Broken(new TaskCanceledException("", new TimeoutException("ConnectTimeout elapsed."))));
        Assert.Equal((NoReply.Tls, Fault.Unknown), Broken(new HttpRequestException(HttpRequestError.SecureConnectionError)));
        Assert.Equal((NoReply.Reset, Fault.Unknown), Broken(new HttpRequestException(
            HttpRequestError.ConnectionError, null, new SocketException((int)SocketError.ConnectionReset))));
        Assert.Equal((NoReply.Reset, Fault.Unknown), Broken(new InvalidDataException("The gzip stream is broken.")));
        Assert.Equal((NoReply.Reset, Fault.Unknown), Broken(new IOException("The connection was reset in the middle of the body.")));
    }

    [Fact]
    public void Who_cancels_gets_a_cancellation()
    {
        _bench.Ecs.OnLeave(Replies.Never);
        _bench.Drain.Cancel();

        Assert.ThrowsAny<OperationCanceledException>(() => _bench.Send(EcsCall.Leave(Removals.Request)));
    }

    [Fact]
    public void The_handler_follows_nobody_and_remembers_nothing()
    {
        using var handler = EcsTransport.CreateHandler();

        Assert.False(handler.AllowAutoRedirect);
        Assert.False(handler.UseCookies);
        Assert.Equal(System.Net.DecompressionMethods.None, handler.AutomaticDecompression);
        Assert.True(handler.PooledConnectionIdleTimeout < TimeSpan.FromSeconds(25));
    }

    [Fact]
    public void Only_a_read_keeps_its_body()
    {
        Assert.True(Reply(Replies.Ok).Body.IsEmpty);

        _bench.Ecs.OnRead(Replies.NoInstance);
        Assert.Contains("Instances", Encoding.UTF8.GetString(_bench.Send(EcsCall.ReadMembership(Removals.Request)).Body.Span), StringComparison.Ordinal);
    }

    private EcsReply Reply(ScriptedReply reply)
    {
        _bench.Ecs.OnLeave(reply);
        return _bench.Send(EcsCall.Leave(Removals.Request));
    }

    private (string? Code, Fault? Fault) Broken(Exception problem)
    {
        var reply = Reply(Replies.Broken(problem));
        return (reply.Code, reply.Fault);
    }
}
