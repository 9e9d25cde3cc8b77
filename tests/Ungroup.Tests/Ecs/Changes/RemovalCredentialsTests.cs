using Ungroup.Ecs;
using Ungroup.Ecs.Changes;
using Ungroup.Ecs.Wire;
using Ungroup.Messages;
using Ungroup.Tests.Support;

namespace Ungroup.Tests.Ecs.Changes;

public sealed class RemovalCredentialsTests
{
    private readonly EcsBench _bench = new();

    [Fact]
    public void Refused_credentials_are_read_again_once_and_the_call_is_repeated_at_once()
    {
        _bench.Ecs.OnLeave(
            Replies.Error(400, "InvalidSecurityToken.Expired").Doing(() => _bench.Environment["ALIBABA_CLOUD_ACCESS_KEY_ID"] = "freshAccessKeyId"),
            Replies.Ok);

        var outcome = _bench.End();

        Assert.Equal(OutcomeStatus.Removed, outcome.Status);
        Assert.Contains("Credential=testAccessKeyId,", _bench.Ecs.Calls[0].Headers["authorization"], StringComparison.Ordinal);
        Assert.Contains("Credential=freshAccessKeyId,", _bench.Ecs.Calls[1].Headers["authorization"], StringComparison.Ordinal);
        Assert.Equal(_bench.Ecs.Calls[0].At, _bench.Ecs.Calls[1].At);
    }

    [Fact]
    public void Credentials_refused_twice_close_the_region_and_in_a_second_region_the_account()
    {
        _bench.Ecs.OnLeave(Replies.Error(404, "InvalidAccessKeyId.NotFound"));

        var first = _bench.Wait();
        var second = _bench.Wait(Removals.Request with { RegionId = "cn-shanghai" });
        var third = _bench.Wait(Removals.Request with { RegionId = "cn-shenzhen" });

        Assert.Equal((2, 2), (first.Calls.Attempts, second.Calls.Attempts));
        Assert.Contains("in cn-beijing of account default is closed", first.Why, StringComparison.Ordinal);
        Assert.Equal(default, third.Calls);
        Assert.Contains("account default is closed", third.Why, StringComparison.Ordinal);
        Assert.Contains("InvalidAccessKeyId.NotFound", third.Why, StringComparison.Ordinal);
        Assert.InRange(third.Until - Removals.Start, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(32));
    }

    [Fact]
    public void Another_account_is_not_closed()
    {
        _bench.Accounts.Accounts["other"] = new();
        _bench.Ecs.OnLeave(Replies.Error(403, "InvalidAccessKeyId.Inactive"), Replies.Ok);
        _bench.Wait();

        Assert.Equal(OutcomeStatus.Removed, _bench.End(Removals.Request with { Account = "other" }).Status);
    }

    [Fact]
    public void A_closed_account_is_probed_once_at_a_time_and_ever_more_rarely()
    {
        _bench.Ecs.OnLeave(Replies.Error(403, "InvalidAccessKeyId.Inactive"));
        _bench.Wait();

        _bench.Clock.Advance(TimeSpan.FromSeconds(31));
        _bench.Wait();

        Assert.Equal(2, _bench.Ecs.Calls.Count);
        Assert.Equal(TimeSpan.FromSeconds(60), _bench.Circuits.Snapshot().Single().Until - _bench.Now);
    }

    [Fact]
    public void A_probe_that_works_opens_the_account()
    {
        _bench.Ecs.OnLeave(Replies.Error(403, "InvalidAccessKeyId.Inactive"), Replies.Ok);
        _bench.Wait();
        _bench.Clock.Advance(TimeSpan.FromSeconds(31));

        Assert.Equal(OutcomeStatus.Removed, _bench.End().Status);
        Assert.Empty(_bench.Circuits.Snapshot());
    }

    [Fact]
    public void A_request_that_lacks_a_permission_again_and_again_comes_back_ever_more_rarely()
    {
        _bench.Ecs.OnLeave(Replies.Error(403, "Forbidden.RAM"));

        var wait = _bench.Wait(progress: Removals.Progress with { Postponements = 5 });

        Assert.Equal(TimeSpan.FromSeconds(15 * 32 * 0.9), wait.Until - _bench.Now);
    }

    [Fact]
    public void An_account_that_is_nearly_open_again_is_waited_for_in_place()
    {
        _bench.Ecs.OnLeave(Replies.Error(403, "InvalidAccessKeyId.Inactive"), Replies.Ok);
        _bench.Wait();
        _bench.Clock.Advance(TimeSpan.FromSeconds(26));

        Assert.Equal(OutcomeStatus.Removed, _bench.End().Status);
        Assert.Equal(TimeSpan.FromSeconds(30), _bench.Ecs.Calls[1].At - _bench.Ecs.Calls[0].At);
    }

    [Fact]
    public void Fault_33_Calls_that_were_under_way_while_another_corrected_the_clock_close_nothing()
    {
        var refused = Replies.Error(400, "InvalidTimeStamp.Expired").With("Date", "Fri, 02 Jan 2026 05:04:05 GMT");
        ScriptedReply late = refused.After(TimeSpan.FromSeconds(1), _bench.Clock);
        _bench.Ecs.OnLeave(token => (_bench.Ecs.Calls[^1].Headers["x-acs-date"].StartsWith("2026-01-02T05:", StringComparison.Ordinal) ? Replies.Ok : late)(token));

        var runs = Enumerable.Range(0, 8).Select(_ => _bench.RunFor()).ToList();
        for (var step = 0; step < 100 && !runs.TrueForAll(run => run.IsCompleted); step++)
        {
            _bench.Clock.Advance(TimeSpan.FromSeconds(0.2));
        }

        Assert.All(runs, run => Assert.True(run.Result is RemovalResult.Decided, run.Result.ToString()));
        Assert.Empty(_bench.Circuits.Snapshot());
    }

    [Fact]
    public void A_clock_that_is_set_back_while_a_call_is_under_way_closes_nothing()
    {
        // Signed an hour ahead, refused, and by then the clock is right again.
        var clock = new SteppedClock(_bench.Clock) { Step = TimeSpan.FromHours(1) };
        using var client = _bench.ClientOn(clock);
        _bench.Ecs.OnLeave(Replies.Error(400, "InvalidTimeStamp.Expired").With("Date", "Fri, 02 Jan 2026 03:04:05 GMT").Doing(() => clock.Step = TimeSpan.Zero));

        Assert.Equal(Fault.Transient, _bench.Finish(() => client.SendAsync(EcsCall.Leave(Removals.Request), default)).Fault);
        Assert.Equal(Fault.Configuration, _bench.Finish(() => client.SendAsync(EcsCall.Leave(Removals.Request), default)).Fault);
    }

    [Fact]
    public void Without_credentials_nothing_is_sent_and_an_operator_is_told_what_to_set()
    {
        _bench.Environment.Clear();

        var wait = _bench.Wait();

        Assert.Equal(default, wait.Calls);
        Assert.Equal("MissingCredentials", wait.Code);
        Assert.Contains("ALIBABA_CLOUD_ACCESS_KEY_ID", wait.Why, StringComparison.Ordinal);
        Assert.Empty(_bench.Ecs.Calls);
    }

    [Fact]
    public void What_is_denied_to_whom_is_said()
    {
        _bench.Ecs.OnLeave(Replies.Json(403, """
            {"RequestId":"R","Code":"Forbidden.RAM","AccessDeniedDetail":{"AuthAction":"ecs:LeaveSecurityGroup","AuthPrincipalType":"SubUser",
             "AuthPrincipalDisplayName":"ungroup","NoPermissionType":"ImplicitDeny","EncodedDiagnosticMessage":"AQEAAAAA"},"Message":"User not authorized."}
            """));

        var why = _bench.Wait().Why;

        Assert.Contains("SubUser ungroup lacks ecs:LeaveSecurityGroup (ImplicitDeny)", why, StringComparison.Ordinal);
        Assert.DoesNotContain("AQEAAAAA", why, StringComparison.Ordinal);
    }

    [Fact]
    public void A_look_that_is_denied_is_not_mended_by_leave_to_change_anything()
    {
        _bench.Ecs.On("DescribeInstances", Replies.Error(403, "Forbidden.RAM"));

        var why = Assert.IsType<RemovalResult.Wait>(_bench.Plan()).Why;

        Assert.Contains("Grant the account's key ecs:DescribeInstances:", why, StringComparison.Ordinal);
        Assert.DoesNotContain("LeaveSecurityGroup", why, StringComparison.Ordinal);
    }

    [Fact]
    public void A_clock_that_is_off_is_corrected_by_ECS_once()
    {
        _bench.Ecs.OnLeave(
            Replies.Error(400, "InvalidTimeStamp.Expired").With("Date", "Fri, 02 Jan 2026 05:04:05 GMT"),
            Replies.Ok);

        Assert.Equal(OutcomeStatus.Removed, _bench.End().Status);
        Assert.Equal("2026-01-02T03:04:05Z", _bench.Ecs.Calls[0].Headers["x-acs-date"]);
        Assert.Equal("2026-01-02T05:04", _bench.Ecs.Calls[1].Headers["x-acs-date"][..16]);
    }

    [Fact]
    public void A_date_that_is_refused_although_corrected_needs_an_operator()
    {
        _bench.Ecs.OnLeave(Replies.Error(400, "InvalidTimeStamp.Expired").With("Date", "Fri, 02 Jan 2026 05:04:05 GMT"));

        var wait = _bench.Wait();

        Assert.Equal(2, wait.Calls.Attempts);
        Assert.Contains("account default is closed", wait.Why, StringComparison.Ordinal);
    }
}
