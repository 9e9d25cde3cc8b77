using System.Text.Json;
using Ungroup.Sandbox.Ecs;
using Ungroup.Sandbox.Tests.Ecs.Support;

namespace Ungroup.Sandbox.Tests.Ecs;

public sealed class FaultTests
{
    [Theory]
    [InlineData("throttle-no-hint", 400, "Throttling.User")]
    [InlineData("conflict", 409, "InvalidOperation.Conflict")]
    [InlineData("internal-error", 500, "InternalError")]
    [InlineData("service-unavailable", 503, "ServiceUnavailable")]
    [InlineData("timeout-before-apply", 504, "RequestTimeout")]
    [InlineData("expired-token", 400, "InvalidSecurityToken.Expired")]
    public async Task A_fault_answers_in_the_place_of_ecs_and_changes_nothing(string kind, int status, string code)
    {
        await using var sim = await Sim.StartAsync(Some.World($$"""{ "kind": "{{kind}}", "on": "i-web", "action": "LeaveSecurityGroup" }"""));

        var faulty = await sim.LeaveAsync(Some.Instance, Some.Web);
        var groups = sim.World.GroupsOf(Some.Instance);
        var next = await sim.LeaveAsync(Some.Instance, Some.Web);

        Assert.Equal((status, code), (faulty.Status, faulty.Code));
        Assert.DoesNotContain("x-acs-retry-after", faulty.Headers.Keys);
        Assert.Equal([Some.Base, Some.Web], groups);
        Assert.Equal(200, next.Status);
        Assert.Equal([kind, null], sim.Simulator.Requests.Snapshot().Select(request => request.Fault));
    }

    [Fact]
    public async Task A_throttle_says_in_milliseconds_when_to_come_back()
    {
        await using var sim = await Sim.StartAsync(Some.World("""{ "kind": "throttle", "times": 2, "retryAfterMs": 400 }"""));

        var first = await sim.LeaveAsync(Some.Instance, Some.Web);
        var second = await sim.LeaveAsync(Some.Interface, Some.Web);
        var third = await sim.LeaveAsync(Some.Instance, Some.Web);

        Assert.Equal((400, "Throttling.User", "400"), (first.Status, first.Code, first.Headers["x-acs-retry-after"]));
        Assert.Equal("Throttling.User", second.Code);
        Assert.Equal(200, third.Status);
    }

    [Fact]
    public async Task A_time_out_after_the_change_hides_a_change()
    {
        await using var sim = await Sim.StartAsync(Some.World("""{ "kind": "timeout-after-apply", "on": "i-web" }"""));

        var answer = await sim.LeaveAsync(Some.Instance, Some.Web);

        Assert.Equal((504, "RequestTimeout"), (answer.Status, answer.Code));
        Assert.Equal([Some.Base], sim.World.GroupsOf(Some.Instance));
        Assert.True(sim.Simulator.Requests.Snapshot()[0].Effective);
        Assert.Equal("InvalidSecurityGroupAssociation.NotFound", (await sim.LeaveAsync(Some.Instance, Some.Web)).Code);
    }

    [Theory]
    [InlineData("reset-before-apply", 0)]
    [InlineData("reset-after-apply", 1)]
    public async Task A_reset_leaves_no_answer_at_all(string kind, int leaves)
    {
        await using var sim = await Sim.StartAsync(Some.World($$"""{ "kind": "{{kind}}", "on": "i-web" }"""));

        var broken = await Assert.ThrowsAsync<HttpRequestException>(() => sim.LeaveAsync(Some.Instance, Some.Web));

        Assert.IsType<IOException>(broken.InnerException, exactMatch: false);
        Assert.Equal(leaves, sim.World.EffectiveLeaves(Some.Instance, Some.Web));
        var logged = Assert.Single(sim.Simulator.Requests.Snapshot());
        Assert.Equal((0, null, null, kind), (logged.Status, logged.Code, logged.RequestId, logged.Fault));
    }

    [Theory]
    [InlineData("code:InsufficientBalance", "", 400, "InsufficientBalance")]
    [InlineData("code:Some.Thing-new_1", """, "status": 403""", 403, "Some.Thing-new_1")]
    public async Task Any_code_can_be_asked_for(string kind, string more, int status, string code)
    {
        await using var sim = await Sim.StartAsync(Some.World($$"""{ "kind": "{{kind}}", "on": "i-web", "action": "LeaveSecurityGroup"{{more}} }"""));

        var answer = await sim.LeaveAsync(Some.Instance, Some.Web);

        Assert.Equal((status, code), (answer.Status, answer.Code));
        Assert.Equal([Some.Base, Some.Web], sim.World.GroupsOf(Some.Instance));
        Assert.Equal(kind, Assert.Single(sim.Simulator.Requests.Snapshot()).Fault);
    }

    [Theory]
    [InlineData("""{ "kind": "code:" }""", "expected `code:` and a code")]
    [InlineData("""{ "kind": "code:no spaces" }""", "expected `code:` and a code")]
    [InlineData("""{ "kind": "code:X", "status": 600 }""", "expected 400 to 599")]
    [InlineData("""{ "kind": "html-403", "status": 403 }""", "status")]
    public void A_code_that_nobody_can_answer_is_refused(string fault, string sentence) =>
        Assert.Contains(sentence, Assert.Throws<WorldFileException>(() => Some.World(fault)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("close-before-apply", 0)]
    [InlineData("close-after-apply", 1)]
    public async Task A_closed_connection_ends_in_good_order_and_without_a_byte(string kind, int leaves)
    {
        await using var sim = await Sim.StartAsync(Some.World($$"""{ "kind": "{{kind}}", "on": "i-web" }"""));
        await sim.LeaveAsync(Some.Interface, Some.Web);

        var broken = await Assert.ThrowsAsync<HttpRequestException>(() => sim.LeaveOnceAsync(Some.Instance, Some.Web));

        Assert.Equal(HttpRequestError.ResponseEnded, broken.HttpRequestError);
        Assert.Equal(leaves, sim.World.EffectiveLeaves(Some.Instance, Some.Web));
        var logged = Assert.Single(sim.Simulator.Requests.Snapshot().Skip(1));
        Assert.Equal((0, kind), (logged.Status, logged.Fault));
    }

    [Fact]
    public async Task A_code_in_a_success_is_an_error_with_the_status_of_one()
    {
        await using var sim = await Sim.StartAsync(Some.World("""{ "kind": "code-in-200", "on": "i-web", "afterApply": true }"""));

        var answer = await sim.LeaveAsync(Some.Instance, Some.Web);

        Assert.Equal(200, answer.Status);
        Assert.Contains("\"Code\":\"InternalError\"", answer.Body, StringComparison.Ordinal);
        Assert.Equal(1, sim.World.EffectiveLeaves(Some.Instance, Some.Web));
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData(""", "afterApply": true""", 1)]
    public async Task Garbage_has_the_status_of_a_success_and_says_nothing(string more, int leaves)
    {
        await using var sim = await Sim.StartAsync(Some.World($$"""{ "kind": "garbage", "on": "i-web"{{more}} }"""));

        var answer = await sim.LeaveAsync(Some.Instance, Some.Web);

        Assert.Equal((200, "application/json"), (answer.Status, answer.ContentType!.Split(';')[0]));
        Assert.ThrowsAny<JsonException>(() => answer.Json);
        Assert.Equal(leaves, sim.World.EffectiveLeaves(Some.Instance, Some.Web));
    }

    [Fact]
    public async Task A_call_may_be_carried_out_long_after_its_time_out()
    {
        await using var sim = await Sim.StartAsync(Some.World("""{ "kind": "applied-later", "on": "i-web", "delayMs": 20000 }"""));

        var answer = await sim.LeaveAsync(Some.Instance, Some.Web);
        sim.Clock.Advance(TimeSpan.FromSeconds(19.9));
        Assert.Equal([Some.Base, Some.Web], sim.World.GroupsOf(Some.Instance));
        sim.Clock.Advance(TimeSpan.FromSeconds(0.1));

        Assert.Equal((504, "RequestTimeout"), (answer.Status, answer.Code));
        Assert.Equal([Some.Base], sim.World.GroupsOf(Some.Instance));
        Assert.Equal(1, sim.World.EffectiveLeaves(Some.Instance, Some.Web));
        var change = Assert.Single(sim.World.MembershipChanges);
        Assert.Equal(("i-web", "LeaveSecurityGroup", Sim.Noon.AddSeconds(20)), (change.Resource, change.By, change.At));
    }

    [Fact]
    public async Task What_is_carried_out_late_is_decided_late()
    {
        await using var sim = await Sim.StartAsync(Some.World("""{ "kind": "applied-later", "on": "i-web", "delayMs": 1000 }"""));

        await sim.LeaveAsync(Some.Instance, Some.Web);
        await sim.LeaveAsync(Some.Instance, Some.Base);
        sim.Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal([Some.Web], sim.World.GroupsOf(Some.Instance));
        Assert.Equal((1, 0L), (sim.World.ShortestMembership(Some.Instance), sim.World.EffectiveLeaves(Some.Instance, Some.Web)));
    }

    [Theory]
    [InlineData("html-502", 502, "text/html", "")]
    [InlineData("html-403", 403, "text/html", "")]
    [InlineData("empty-404", 404, null, "")]
    [InlineData("empty-404", 404, null, """, "afterApply": true""")]
    [InlineData("empty-504", 504, null, "")]
    [InlineData("html-502", 502, "text/html", """, "afterApply": true""")]
    public async Task A_proxy_answers_without_a_word_of_ecs(string kind, int status, string? type, string more)
    {
        await using var sim = await Sim.StartAsync(Some.World($$"""{ "kind": "{{kind}}", "on": "i-web"{{more}} }"""));

        var answer = await sim.LeaveAsync(Some.Instance, Some.Web);

        Assert.Equal((status, type), (answer.Status, answer.ContentType));
        Assert.DoesNotContain("x-acs-request-id", answer.Headers.Keys);
        Assert.Equal(kind.StartsWith("empty", StringComparison.Ordinal), answer.Body.Length == 0);
        Assert.Equal(more.Length == 0 ? 0 : 1, sim.World.EffectiveLeaves(Some.Instance, Some.Web));
    }

    [Fact]
    public async Task A_slow_call_answers_normally_once_its_time_has_passed()
    {
        await using var sim = await Sim.StartAsync(Some.World("""{ "kind": "slow", "on": "i-web", "delayMs": 70000 }"""));

        var slow = sim.LeaveAsync(Some.Instance, Some.Web);
        var other = await sim.LeaveAsync("i-stopped", Some.Web);
        while (!slow.IsCompleted)
        {
            Assert.True(slow.IsCompleted || sim.Clock.GetUtcNow() < Sim.Noon + TimeSpan.FromHours(1));
            sim.Clock.Advance(TimeSpan.FromSeconds(10));
            await Task.WhenAny(slow, Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, TestContext.Current.CancellationToken));
        }

        Assert.Equal((200, 200), (other.Status, (await slow).Status));
        Assert.Equal([Some.Base], sim.World.GroupsOf(Some.Instance));
    }

    [Fact]
    public async Task A_legacy_service_uses_the_old_code_for_what_is_not_a_member_and_only_for_that()
    {
        await using var sim = await Sim.StartAsync(Some.World("""{ "kind": "legacy-not-member", "on": "i-web" }"""));

        Assert.Equal(200, (await sim.LeaveAsync(Some.Instance, Some.Web)).Status);
        var old = await sim.LeaveAsync(Some.Instance, Some.Web);
        var current = await sim.LeaveAsync(Some.Instance, Some.Web);

        Assert.Equal((403, "InstanceNotInSecurityGroup"), (old.Status, old.Code));
        Assert.Equal("InvalidSecurityGroupAssociation.NotFound", current.Code);
    }

    [Fact]
    public async Task Some_gateways_write_the_keys_of_errors_in_lower_case()
    {
        await using var sim = await Sim.StartAsync(Some.World(
            """{ "kind": "lowercase-error-keys", "on": "i-solo" }, { "kind": "conflict", "on": "i-solo" }"""));

        var answer = await sim.LeaveAsync("i-solo", Some.Web);

        Assert.Equal("InvalidOperation.Conflict", answer.Json.GetProperty("code").GetString());
        Assert.Equal(answer.Headers["x-acs-request-id"], answer.Json.GetProperty("requestId").GetString());
        Assert.Equal("InstanceLastSecurityGroup", (await sim.LeaveAsync("i-solo", Some.Web)).Code);
    }

    [Fact]
    public async Task A_stale_read_shows_the_groups_from_before_for_a_while()
    {
        await using var sim = await Sim.StartAsync(Some.World("""{ "kind": "stale-read", "on": "i-web", "action": "LeaveSecurityGroup", "forMs": 2000 }"""));

        await sim.LeaveAsync(Some.Instance, Some.Web);
        var stale = await sim.SendAsync("DescribeInstances", ("RegionId", "r1"), ("SecurityGroupId", Some.Web), ("InstanceIds", """["i-web"]"""));
        var truth = sim.World.GroupsOf(Some.Instance);
        sim.Clock.Advance(TimeSpan.FromSeconds(2));
        var fresh = await sim.SendAsync("DescribeInstances", ("RegionId", "r1"), ("SecurityGroupId", Some.Web), ("InstanceIds", """["i-web"]"""));

        Assert.Equal(1, stale.Json.GetProperty("TotalCount").GetInt32());
        Assert.Equal([Some.Base], truth);
        Assert.Equal(0, fresh.Json.GetProperty("TotalCount").GetInt32());
    }

    [Fact]
    public async Task Faults_wait_their_turn_and_strike_as_often_as_they_say()
    {
        await using var sim = await Sim.StartAsync(Some.World("""
            { "kind": "internal-error", "on": "sg-spare", "times": 2, "after": 1 },
            { "kind": "conflict", "action": "LeaveSecurityGroup", "times": 3 }
            """));

        var answers = new List<Answer>();
        for (var call = 0; call < 6; call++)
        {
            answers.Add(await sim.LeaveAsync(Some.Instance, "sg-spare"));
        }

        Assert.Equal(
            ["InvalidOperation.Conflict", "InternalError", "InternalError", "InvalidOperation.Conflict", "InvalidOperation.Conflict", "InvalidSecurityGroupAssociation.NotFound"],
            answers.Select(answer => answer.Code));
    }

    [Fact]
    public async Task A_fault_strikes_exactly_its_number_of_many_calls_at_once()
    {
        await using var sim = await Sim.StartAsync(Some.World("""{ "kind": "conflict", "times": 7 }"""));

        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => sim.LeaveAsync(Some.Instance, Some.Web)));

        Assert.Equal(7, answers.Count(answer => answer.Code == "InvalidOperation.Conflict"));
    }
}
