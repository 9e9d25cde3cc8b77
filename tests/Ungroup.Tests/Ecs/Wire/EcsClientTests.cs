using System.Net.Sockets;
using System.Text;
using Ungroup.Ecs;
using Ungroup.Ecs.Changes;
using Ungroup.Ecs.Wire;

namespace Ungroup.Tests.Ecs.Wire;

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
    [InlineData(502, "<html><body>Bad Gateway</body></html>")]
    [InlineData(504, "")]
    [InlineData(500, "{\"RequestId\":\"R\",\"Code\":\"Throttling")]
    [InlineData(503, "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><Error><Code>&e;</Code></Error>")]
    [InlineData(500, "{\"Code\":\"\\ud800\"}")]
    [InlineData(400, "[1,2,3]")]
    [InlineData(400, "{}")]
    [InlineData(403, "<html><body>Forbidden</body></html>")]
    [InlineData(404, "")]
    [InlineData(404, "<html/>")]
    [InlineData(413, "Payload Too Large")]
    [InlineData(401, "")]
    [InlineData(407, "<html/>")]
    [InlineData(429, "slow down")]
    [InlineData(302, "")]
    [InlineData(307, "{\"RequestId\":\"R\",\"Code\":\"InvalidInstanceId.NotFound\"}")]
    [InlineData(403, "{\"RequestId\":\"R\",\"Message\":\"no code\"}")]
    [InlineData(403, "{\"RequestId\":\"R\",\"Code\":403}")]
    [InlineData(200, "{\"RequestId\":\"R\",\"Code\":\"InvalidInstanceId.NotFound\"}")]
    [InlineData(200, "{\"Code\":\"InternalError\"}")]
    [InlineData(201, "{\"RequestId\":\"R\"}")]
    [InlineData(202, "{\"RequestId\":\"R\"}")]
    [InlineData(204, "")]
    [InlineData(206, "{\"RequestId\":\"R\"}")]
    public void A_reply_that_ECS_did_not_write_is_no_word_of_ECS(int status, string body)
    {
        var reply = Reply(Replies.Body(status, "text/html", body).With("x-acs-request-id", "FROM-HEADER"));

        Assert.Equal((status, NoReply.Unreadable, Fault.Unknown, true), (reply.Status, reply.Code, reply.Fault, reply.IsOutage));
        Assert.StartsWith($"HTTP {status}", reply.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"Code":"InvalidInstanceId.NotFound","Message":"m"}""")]
    [InlineData("<Error><Code>InvalidInstanceId.NotFound</Code></Error>")]
    public void A_code_without_a_request_id_is_somebody_elses(string body) =>
        Assert.Equal(NoReply.Unreadable, Reply(Replies.Body(404, "application/json", body)).Code);

    [Fact]
    public void The_beginning_of_a_foreign_page_is_quoted_without_its_secrets()
    {
        var reply = Reply(Replies.Body(403, "text/html", "<html>\r\n<h1>Squid says no</h1> password=hunter22 " + new string('x', 3000)));

        Assert.Contains("Squid says no", reply.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter22", reply.Message, StringComparison.Ordinal);
        Assert.InRange(reply.Message!.Length, 50, 150);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("\ud83d\ude00")]
    public void What_ECS_says_is_kept_short_and_whole(string character)
    {
        var endless = string.Concat(Enumerable.Repeat(character, 600_000 / character.Length));
        var reply = Reply(Replies.Json(403, $$"""{"RequestId":"a{{endless}}","Code":"b{{endless}}","Message":"c{{endless}}"}"""));

        Assert.All([(reply.RequestId, 128), (reply.Code, 128), (reply.Message, 300)], text =>
        {
            Assert.InRange(text.Item1!.Length, text.Item2 - 2, text.Item2);
            Assert.Equal(text.Item1, Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text.Item1)));
        });
        Assert.Equal(Fault.Unfamiliar, reply.Fault);
    }

    [Fact]
    public void No_character_of_ECS_moves_a_cursor_or_turns_a_line()
    {
        var reply = Reply(Replies.Json(403, """{"RequestId":"R\u001b[2J","Code":"Co\u0000de\u202e","Message":"line\u2028break\u0007"}""").With("x-acs-request-id", "H"));

        Assert.Equal(("R [2J", "Co de", "line break"), (reply.RequestId, reply.Code, reply.Message));
    }

    [Fact]
    public void A_group_whose_id_is_half_a_character_does_not_break_a_read()
    {
        _bench.Ecs.OnRead(Replies.Json(200, """
            {"RequestId":"R","Instances":{"Instance":[{"InstanceId":"i-bp1web1","Status":"\ud800","SecurityGroupIds":{"SecurityGroupId":["\ud800","sg-a"]}}]}}
            """));

        var read = _bench.ReadMembership();

        Assert.Equal(["sg-a"], Assert.IsType<MembershipRead.Found>(read).Membership.Groups);
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
        Assert.Equal(Fault.Throttled, Reply(Replies.Error(400, "NobodyHasSeenThis").With("x-acs-retry-after", "100")).Fault);

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
