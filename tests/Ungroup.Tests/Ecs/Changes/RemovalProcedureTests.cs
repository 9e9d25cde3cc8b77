using System.Net.Sockets;
using Ungroup.Ecs;
using Ungroup.Ecs.Changes;
using Ungroup.Messages;

namespace Ungroup.Tests.Ecs.Changes;

public sealed class RemovalProcedureTests
{
    private readonly EcsBench _bench = new();

    [Fact]
    public void A_call_that_works_is_a_removal()
    {
        _bench.Ecs.OnLeave(Replies.Ok);

        var ended = Assert.IsType<RemovalVerdict.Ended>(_bench.Run());

        Assert.Equal(OutcomeStatus.Removed, ended.Outcome.Status);
        Assert.False(ended.Outcome.ConfirmedByReadBack);
        Assert.Null(ended.Outcome.Code);
        Assert.Equal(["REQ-OK"], ended.Outcome.EcsRequestIds);
        Assert.Equal(new CallCount(1, 1), ended.Calls);
    }

    [Theory]
    [InlineData("InvalidSecurityGroupAssociation.NotFound", 400)]
    [InlineData("InstanceNotInSecurityGroup", 403)]
    public void Not_a_member_at_the_first_attempt_is_already_absent(string code, int status)
    {
        _bench.Ecs.OnLeave(Replies.Error(status, code));

        var outcome = _bench.End();

        Assert.Equal(OutcomeStatus.AlreadyAbsent, outcome.Status);
        Assert.Contains(code, outcome.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Not_a_member_after_a_lost_reply_is_a_removal_of_ours()
    {
        _bench.Ecs.OnLeave(Replies.Reset, Replies.Error(400, "InvalidSecurityGroupAssociation.NotFound"));
        _bench.Ecs.OnRead(Replies.Instance(Removals.Base, Removals.Group));

        var outcome = _bench.End();

        Assert.Equal(OutcomeStatus.Removed, outcome.Status);
        Assert.True(outcome.ConfirmedByReadBack);
        Assert.Equal([Removals.Base, Removals.Group], outcome.GroupsBefore);
    }

    [Fact]
    public void Not_a_member_after_an_earlier_owners_call_is_a_removal_of_ours()
    {
        _bench.Ecs.OnLeave(Replies.Error(400, "InvalidSecurityGroupAssociation.NotFound"));
        _bench.Ecs.OnRead(Replies.Instance(Removals.Base, Removals.Group));

        var outcome = _bench.End(progress: Removals.Progress with { MayHaveLeft = true });

        Assert.Equal(OutcomeStatus.Removed, outcome.Status);
        Assert.True(outcome.ConfirmedByReadBack);
    }

    [Fact]
    public void A_stale_look_at_what_an_earlier_owner_did_is_no_reason_to_call_again()
    {
        _bench.Ecs.OnRead(Replies.Instance(Removals.Base, Removals.Group), Replies.Instance(Removals.Base));

        var ended = Assert.IsType<RemovalVerdict.Ended>(_bench.Run(progress: Removals.Progress with { MayHaveLeft = true }));

        Assert.Equal((OutcomeStatus.Removed, true), (ended.Outcome.Status, ended.Outcome.ConfirmedByReadBack));
        Assert.Empty(_bench.Ecs.Leaves);
    }

    [Fact]
    public void A_permanent_no_after_a_lost_reply_is_looked_into_before_it_is_told()
    {
        _bench.Ecs.OnLeave(Replies.Reset, Replies.Error(403, "InstanceLastSecurityGroup"));
        var stale = Replies.Instance(Removals.Base, Removals.Group);
        _bench.Ecs.OnRead(stale, stale, Replies.Instance(Removals.Base));

        Assert.Equal(OutcomeStatus.Removed, _bench.End().Status);
    }

    [Fact]
    public void A_failure_after_a_lost_reply_says_that_the_call_may_have_worked()
    {
        _bench.Ecs.OnLeave(Replies.Reset, Replies.Error(404, "InvalidInstanceId.NotFound"));
        _bench.Ecs.OnRead(Replies.NoInstance);

        var outcome = _bench.End();

        Assert.Equal((OutcomeStatus.Failed, "InvalidInstanceId.NotFound"), (outcome.Status, outcome.Code));
        Assert.Contains("may have worked", outcome.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void What_an_earlier_owner_may_have_done_is_read_before_anything_else()
    {
        _bench.Ecs.OnRead(Replies.Instance(Removals.Base));

        var ended = Assert.IsType<RemovalVerdict.Ended>(_bench.Run(progress: Removals.Progress with { MayHaveLeft = true }));

        Assert.Equal(OutcomeStatus.Removed, ended.Outcome.Status);
        Assert.True(ended.Outcome.ConfirmedByReadBack);
        Assert.Equal([Removals.Base], ended.Outcome.GroupsAfter);
        Assert.Equal(new CallCount(0, 1), ended.Calls);
    }

    [Theory]
    [MemberData(nameof(LostReplies))]
    public void After_a_lost_reply_absence_is_a_confirmed_removal(string what)
    {
        _bench.Ecs.OnLeave(Lost(what));
        _bench.Ecs.OnRead(Replies.Instance(Removals.Base));

        var ended = Assert.IsType<RemovalVerdict.Ended>(_bench.Run());

        Assert.Equal(OutcomeStatus.Removed, ended.Outcome.Status);
        Assert.True(ended.Outcome.ConfirmedByReadBack);
        Assert.Equal(new CallCount(1, 2), ended.Calls);
    }

    [Theory]
    [MemberData(nameof(LostReplies))]
    public void After_a_lost_reply_a_member_is_looked_at_twice_and_then_asked_to_leave_again(string what)
    {
        _bench.Ecs.OnLeave(Lost(what), Replies.Ok);
        _bench.Ecs.OnRead(Replies.Instance(Removals.Base, Removals.Group));

        var ended = Assert.IsType<RemovalVerdict.Ended>(_bench.Run());

        Assert.Equal(OutcomeStatus.Removed, ended.Outcome.Status);
        Assert.False(ended.Outcome.ConfirmedByReadBack);
        Assert.Equal(new CallCount(2, 4), ended.Calls);
    }

    [Fact]
    public void A_stale_read_is_corrected_by_the_second_one()
    {
        _bench.Ecs.OnLeave(Replies.Error(504, "RequestTimeout"));
        _bench.Ecs.OnRead(Replies.Instance(Removals.Base, Removals.Group), Replies.Instance(Removals.Base));

        var outcome = _bench.End();

        Assert.Equal(OutcomeStatus.Removed, outcome.Status);
        Assert.Equal([Removals.Base], outcome.GroupsAfter);
        Assert.Single(_bench.Ecs.Leaves);
        Assert.Equal(TimeSpan.FromSeconds(1.5), _bench.Ecs.Calls[2].At - _bench.Ecs.Calls[1].At);
    }

    [Fact]
    public void A_read_back_that_fails_is_repeated_before_the_next_call()
    {
        _bench.Ecs.OnLeave(Replies.Error(504, "RequestTimeout"));
        _bench.Ecs.OnRead(Replies.Error(500, "InternalError"), Replies.Instance(Removals.Base));

        var outcome = _bench.End();

        Assert.Equal(OutcomeStatus.Removed, outcome.Status);
        Assert.Equal(["LeaveSecurityGroup", "DescribeInstances", "DescribeInstances"], _bench.Ecs.Calls.Select(call => call.Action));
    }

    [Fact]
    public void A_read_that_names_no_groups_proves_no_absence()
    {
        _bench.Ecs.OnLeave(Replies.Error(504, "RequestTimeout"));
        _bench.Ecs.OnRead(Replies.Instance());

        var wait = _bench.Wait();

        Assert.True(wait.MayHaveLeft);
        Assert.Equal("RequestTimeout", wait.Code);
        Assert.Single(_bench.Ecs.Leaves);
    }

    [Fact]
    public void An_instance_that_is_gone_after_a_lost_reply_fails_with_the_code_of_ECS()
    {
        _bench.Ecs.OnLeave(Replies.Error(504, "RequestTimeout"), Replies.Error(404, "InvalidInstanceId.NotFound"));
        _bench.Ecs.OnRead(Replies.NoInstance);

        var outcome = _bench.End();

        Assert.Equal((OutcomeStatus.Failed, "InvalidInstanceId.NotFound"), (outcome.Status, outcome.Code));
    }

    [Theory]
    [InlineData("InstanceLastSecurityGroup", 403)]
    [InlineData("InvalidInstanceId.NotFound", 404)]
    [InlineData("InvalidSecurityGroupId.NotFound", 404)]
    [InlineData("InstanceLockedForSecurity", 403)]
    public void A_permanent_no_fails_at_once_with_the_code_of_ECS_and_a_sentence(string code, int status)
    {
        _bench.Ecs.OnLeave(Replies.Error(status, code, "The page's words."));

        var ended = Assert.IsType<RemovalVerdict.Ended>(_bench.Run());

        Assert.Equal((OutcomeStatus.Failed, code), (ended.Outcome.Status, ended.Outcome.Code));
        Assert.StartsWith($"ECS refused: The page's words ({code}). ", ended.Outcome.Sentence, StringComparison.Ordinal);
        Assert.Equal(new CallCount(1, 1), ended.Calls);
    }

    [Theory]
    [InlineData(404, "<html>not here</html>")]
    [InlineData(403, "<html>no</html>")]
    [InlineData(200, "{}")]
    [InlineData(206, """{"RequestId":"R"}""")]
    public void A_reply_that_is_not_from_ECS_is_read_back_and_ends_nothing(int status, string body)
    {
        _bench.Ecs.OnLeave(Replies.Body(status, "text/html", body)).OnRead(Replies.Instance(Removals.Base, Removals.Group));

        var wait = _bench.Wait();

        Assert.Equal((NoReply.Unreadable, true), (wait.Code, wait.MayHaveLeft));
        Assert.Contains("DescribeInstances", _bench.Ecs.Calls.Select(call => call.Action));
        Assert.DoesNotContain("ECS refused", wait.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void Fault_64_A_code_that_is_not_known_gets_five_tries_within_ten_minutes()
    {
        _bench.Ecs.OnLeave(Replies.Error(403, "NobodyHasSeenThis", "The page's words."));
        var (tries, began) = (0, _bench.Now);
        var progress = Removals.Progress with { CountUnfamiliarReply = () => ++tries };

        RemovalVerdict verdict;
        while ((verdict = _bench.Run(progress: progress)) is RemovalVerdict.Wait wait)
        {
            _bench.Clock.Advance(wait.Until - _bench.Now);
        }

        var outcome = Assert.IsType<RemovalVerdict.Ended>(verdict).Outcome;
        Assert.Equal((OutcomeStatus.Failed, "NobodyHasSeenThis"), (outcome.Status, outcome.Code));
        Assert.Contains("not known to Ungroup", outcome.Sentence, StringComparison.Ordinal);
        Assert.Equal(5, _bench.Ecs.Leaves.Count());
        Assert.InRange(_bench.Now - began, TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(10));
    }

    [Fact]
    public void A_code_that_is_not_known_fails_nothing_where_it_is_soon_over()
    {
        _bench.Ecs.OnLeave(Replies.Error(403, "NobodyHasSeenThis"), Replies.Error(403, "NobodyHasSeenThis"), Replies.Ok);
        var tries = 0;
        var progress = Removals.Progress with { CountUnfamiliarReply = () => ++tries };

        for (var wait = _bench.Wait(progress: progress); tries < 2; wait = _bench.Wait(progress: progress))
        {
            _bench.Clock.Advance(wait.Until - _bench.Now);
        }

        _bench.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(OutcomeStatus.Removed, _bench.End(progress: progress).Status);
    }

    [Fact]
    public void Fault_68_A_call_that_never_left_is_taken_back_and_one_that_may_have_left_is_not()
    {
        var takenBack = 0;
        var progress = Removals.Progress with { TakeBackAttempt = () => takenBack++ };
        _bench.Options.QuickTries = 1;

        foreach (var reply in (ScriptedReply[])[
            Replies.Broken(new HttpRequestException(HttpRequestError.NameResolutionError)),
            Replies.Broken(new HttpRequestException(HttpRequestError.ConnectionError, null, new SocketException((int)SocketError.ConnectionRefused))),
            Replies.Broken(new HttpRequestException(HttpRequestError.ConnectionError, null, new SocketException((int)SocketError.NetworkUnreachable))),
            Replies.Broken(new HttpRequestException(HttpRequestError.ProxyTunnelError))])
        {
            _bench.Ecs.OnLeave(reply);
            var wait = _bench.Wait(progress: progress);
            Assert.Equal((false, new CallCount(0, 0)), (wait.MayHaveLeft, wait.Calls));
        }

        Assert.Equal(4, takenBack);

        _bench.Ecs.OnLeave(Replies.Reset).OnRead(Replies.Instance(Removals.Base, Removals.Group));
        _bench.Wait(progress: progress);
        Assert.Equal(4, takenBack);
    }

    [Fact]
    public void A_network_interface_is_asked_for_as_one()
    {
        _bench.Ecs.OnLeave(Replies.Reset);
        _bench.Ecs.On("DescribeNetworkInterfaces", Replies.Eni("InUse", managed: false, Removals.Base));

        Assert.True(_bench.End(Removals.EniRequest).ConfirmedByReadBack);
        Assert.Equal("?NetworkInterfaceId=eni-bp1app1&RegionId=cn-beijing&SecurityGroupId=sg-web", _bench.Ecs.Calls[0].Url.Query);
        Assert.Equal("?NetworkInterfaceId.1=eni-bp1app1&RegionId=cn-beijing", _bench.Ecs.Calls[1].Url.Query);
    }

    [Fact]
    public void A_lost_lease_stops_before_the_call()
    {
        _bench.Ecs.OnLeave(Replies.Ok);

        var verdict = _bench.Run(progress: Removals.Progress with { BeginAttemptAsync = _ => Task.FromResult(false) });

        Assert.IsType<RemovalVerdict.LeaseLost>(verdict);
        Assert.Empty(_bench.Ecs.Calls);
    }

    [Fact]
    public void Every_attempt_is_made_durable_first()
    {
        List<int> callsBefore = [];
        _bench.Ecs.OnLeave(Replies.Error(409, "InvalidOperation.Conflict"), Replies.Error(409, "InvalidOperation.Conflict"), Replies.Ok);

        _bench.Run(progress: Removals.Progress with
        {
            BeginAttemptAsync = _ =>
            {
                callsBefore.Add(_bench.Ecs.Calls.Count);
                return Task.FromResult(true);
            },
        });

        Assert.Equal([0, 1, 2], callsBefore);
    }

    public static TheoryData<string> LostReplies => ["504", "empty 504", "html 502", "reset", "timeout", "503", "500", "nonce used", "200 from a proxy"];

    private static ScriptedReply Lost(string what) => what switch
    {
        "504" => Replies.Error(504, "RequestTimeout"),
        "empty 504" => Replies.Body(504, "text/plain", ""),
        "html 502" => Replies.Body(502, "text/html", "<html><body>Bad Gateway</body></html>"),
        "reset" => Replies.Reset,
        "timeout" => Replies.Never,
        "503" => Replies.Error(503, "ServiceUnavailable"),
        "500" => Replies.Error(500, "InternalError"),
        "nonce used" => Replies.Error(400, "SignatureNonceUsed"),
        "200 from a proxy" => Replies.Body(200, "text/html", "<html>Welcome to the airport</html>"),
        _ => throw new ArgumentOutOfRangeException(nameof(what)),
    };
}
