using Ungroup.Sandbox.Ecs;
using Ungroup.Sandbox.Tests.Ecs.Support;

namespace Ungroup.Sandbox.Tests.Ecs;

public sealed class QuotaTests
{
    private const string TwoPerMinute = """{ "action": "LeaveSecurityGroup", "calls": 2, "perSeconds": 60 }""";

    [Fact]
    public async Task A_call_too_many_is_told_the_milliseconds_to_the_next_minute()
    {
        await using var sim = await Sim.StartAsync(Some.World(quotas: TwoPerMinute), Sim.Noon.AddSeconds(41.5));

        await sim.LeaveAsync(Some.Instance, Some.Web);
        await sim.LeaveAsync(Some.Instance, Some.Web);
        var refused = await sim.LeaveAsync(Some.Instance, Some.Web);

        Assert.Equal((400, "Throttling.User", "18500"), (refused.Status, refused.Code, refused.Headers["x-acs-retry-after"]));
        Assert.Equal(
            new QuotaUse("LeaveSecurityGroup", "window", 2, 60) { Account = "default", RegionId = "r1", Used = 2, Served = 2, Refused = 1 },
            Assert.Single(sim.World.QuotaUse));
    }

    [Fact]
    public async Task The_window_turns_with_the_wall_clock()
    {
        await using var sim = await Sim.StartAsync(Some.World(quotas: TwoPerMinute), Sim.Noon.AddSeconds(59));

        await sim.LeaveAsync(Some.Instance, Some.Web);
        await sim.LeaveAsync(Some.Instance, Some.Web);
        sim.Clock.Advance(TimeSpan.FromMilliseconds(999));
        Assert.Equal("Throttling.User", (await sim.LeaveAsync(Some.Instance, Some.Web)).Code);
        sim.Clock.Advance(TimeSpan.FromMilliseconds(1));

        Assert.NotEqual("Throttling.User", (await sim.LeaveAsync(Some.Instance, Some.Web)).Code);
        Assert.Equal((1, 1L), (sim.World.QuotaUse[0].Used, sim.World.QuotaUse[0].Refused));
    }

    [Fact]
    public async Task Each_account_region_and_action_has_its_own_window()
    {
        await using var sim = await Sim.StartAsync(Some.World(quotas: """{ "action": "LeaveSecurityGroup", "calls": 1, "perSeconds": 60 }"""));
        SignedCall Far(string key) => sim.Call("LeaveSecurityGroup", ("InstanceId", "i-far"), ("SecurityGroupId", "sg-far"))
            with
        { KeyId = key, Secret = key == "key" ? "secret" : "other-secret" };

        await sim.LeaveAsync(Some.Instance, Some.Web);
        var otherRegion = await sim.SendAsync(Far("key"));
        var otherAccount = await sim.SendAsync(Far("other-key"));
        var otherAction = await sim.JoinAsync(Some.Instance, Some.Web);
        var same = await sim.SendAsync(Far("key"));

        Assert.Equal((200, "InvalidInstanceId.NotFound", 200), (otherRegion.Status, otherAccount.Code, otherAction.Status));
        Assert.Equal("Throttling.User", same.Code);
    }

    [Fact]
    public async Task The_first_quota_that_covers_a_call_counts_it_and_may_withhold_the_hint()
    {
        await using var sim = await Sim.StartAsync(Some.World(quotas: """
            { "action": "LeaveSecurityGroup", "calls": 0, "perSeconds": 10, "account": "default", "regionId": "r2", "hints": false },
            { "action": "LeaveSecurityGroup", "calls": 100, "perSeconds": 60 }
            """));

        var narrow = await sim.SendAsync("LeaveSecurityGroup", ("InstanceId", "i-far"), ("SecurityGroupId", "sg-far"));
        var wide = await sim.LeaveAsync(Some.Instance, Some.Web);

        Assert.Equal("Throttling.User", narrow.Code);
        Assert.DoesNotContain("x-acs-retry-after", narrow.Headers.Keys);
        Assert.Equal(200, wide.Status);
    }

    [Theory]
    [InlineData("true", "x-acs-retry-after", "18500")]
    [InlineData("\"ratelimit\"", "x-ratelimit-user-api", "Limit:1,Remain:0,TimeLeft:18500,Reset:1767355260")]
    [InlineData("\"garbage\"", "x-acs-retry-after", "soon")]
    [InlineData("\"zero\"", "x-acs-retry-after", "0")]
    [InlineData("\"negative\"", "x-acs-retry-after", "-18500")]
    [InlineData("\"too-long\"", "x-acs-retry-after", "18500000")]
    [InlineData("\"too-short\"", "x-acs-retry-after", "19")]
    public async Task A_hint_comes_in_the_form_and_with_the_mistake_that_the_world_names(string hints, string header, string value)
    {
        await using var sim = await Sim.StartAsync(Some.World(quotas: OnePerMinute($"\"hints\": {hints}")), Sim.Noon.AddSeconds(41.5));

        await sim.LeaveAsync(Some.Instance, Some.Web);
        var refused = await sim.LeaveAsync(Some.Instance, Some.Web);

        Assert.Equal((400, "Throttling.User", value), (refused.Status, refused.Code, refused.Headers[header]));
        Assert.Single(refused.Headers.Keys, key => key is "x-acs-retry-after" or "x-ratelimit-user-api");
    }

    [Fact]
    public async Task Without_hints_there_is_no_header()
    {
        await using var sim = await Sim.StartAsync(Some.World(quotas: OnePerMinute("\"hints\": false")));

        await sim.LeaveAsync(Some.Instance, Some.Web);
        var refused = await sim.LeaveAsync(Some.Instance, Some.Web);

        Assert.Equal("Throttling.User", refused.Code);
        Assert.DoesNotContain(refused.Headers.Keys, key => key is "x-acs-retry-after" or "x-ratelimit-user-api");
    }

    [Fact]
    public async Task Wrong_hints_are_wrong_in_each_way_in_turn()
    {
        await using var sim = await Sim.StartAsync(Some.World(quotas: OnePerMinute("\"hints\": \"wrong\"")), Sim.Noon.AddSeconds(50));
        await sim.LeaveAsync(Some.Instance, Some.Web);

        var said = new List<string>();
        for (var call = 0; call < 6; call++)
        {
            said.Add((await sim.LeaveAsync(Some.Instance, Some.Web)).Headers["x-acs-retry-after"]);
        }

        Assert.Equal(["soon", "0", "-10000", "10000000", "10", "soon"], said);
    }

    [Fact]
    public async Task A_bucket_says_how_long_its_next_call_takes()
    {
        await using var sim = await Sim.StartAsync(Some.World(quotas: OnePerMinute("\"burst\": 2")));
        await sim.LeaveAsync(Some.Instance, Some.Web);
        await sim.LeaveAsync(Some.Instance, Some.Web);
        sim.Clock.Advance(TimeSpan.FromMilliseconds(59_999));

        var refused = await sim.LeaveAsync(Some.Instance, Some.Web);
        sim.Clock.Advance(TimeSpan.FromMilliseconds(1));
        var served = await sim.LeaveAsync(Some.Instance, Some.Web);

        Assert.Equal("1", refused.Headers["x-acs-retry-after"]);
        Assert.NotEqual("Throttling.User", served.Code);
    }

    [Fact]
    public async Task Who_is_not_let_in_uses_nothing_and_what_comes_to_nothing_does()
    {
        await using var sim = await Sim.StartAsync(Some.World(quotas: OnePerMinute("\"burst\": 1")));
        SignedCall Leave(string instance) => sim.Call("LeaveSecurityGroup", ("InstanceId", instance), ("SecurityGroupId", Some.Web), ("RegionId", "r1"));

        var forged = await sim.SendAsync(Leave(Some.Instance) with { Secret = "guessed" });
        Assert.Equal("SignatureDoesNotMatch", forged.Code);
        Assert.Empty(sim.World.QuotaUse);

        Assert.Equal("InvalidInstanceId.NotFound", (await sim.SendAsync(Leave("i-nowhere"))).Code);
        Assert.Equal("Throttling.User", (await sim.SendAsync(Leave("i-nowhere"))).Code);
        Assert.Equal("SignatureDoesNotMatch", (await sim.SendAsync(Leave(Some.Instance) with { Secret = "guessed" })).Code);
        Assert.Equal("Throttling.User", (await sim.LeaveAsync(Some.Instance, Some.Web)).Code);
        Assert.Contains(Some.Web, sim.World.GroupsOf(Some.Instance));
        Assert.Equal((1L, 2L), (sim.World.QuotaUse[0].Served, sim.World.QuotaUse[0].Refused));
    }

    [Fact]
    public async Task The_state_tells_what_has_come_of_each_quota()
    {
        await using var sim = await Sim.StartAsync(Some.World(quotas: """
            { "action": "LeaveSecurityGroup", "calls": 2, "perSeconds": 60, "burst": 1, "others": { "share": 1, "seed": 3 } },
            { "action": "JoinSecurityGroup", "calls": 2, "perSeconds": 60, "steps": [{ "afterSeconds": 30, "calls": 1 }] }
            """));
        for (var minute = 0; minute < 10; minute++)
        {
            sim.Clock.Advance(TimeSpan.FromMinutes(1));
            await sim.LeaveAsync(Some.Instance, Some.Web);
            await sim.JoinAsync(Some.Instance, Some.Web);
            await sim.JoinAsync(Some.Instance, Some.Web);
        }

        sim.Clock.Advance(TimeSpan.FromSeconds(20));
        var state = await sim.GetAsync("/_sim/state");

        var (join, leave) = (state.GetProperty("quotas")[0], state.GetProperty("quotas")[1]);
        Assert.Equal(
            """{"action":"JoinSecurityGroup","shape":"window","calls":1,"perSeconds":60,"account":"default","regionId":"r1","burst":"""
            + """null,"used":1,"served":10,"refused":10,"others":0,"othersRefused":0,"closedMs":560000}""",
            join.GetRawText());
        Assert.Equal(("bucket", 1), (leave.GetProperty("shape").GetString(), leave.GetProperty("burst").GetInt32()));
        Assert.Equal(10, leave.GetProperty("served").GetInt64() + leave.GetProperty("refused").GetInt64());
        Assert.InRange(leave.GetProperty("others").GetInt64(), 5, 21);
        Assert.InRange(leave.GetProperty("othersRefused").GetInt64(), 1, 21);
        Assert.InRange(leave.GetProperty("closedMs").GetDouble(), 60_000, 620_000);
    }

    [Fact]
    public async Task Each_refusal_that_callers_see_is_one_that_the_simulator_counts()
    {
        await using var sim = await Sim.StartAsync(Some.World(quotas: """{ "action": "LeaveSecurityGroup", "calls": 20, "perSeconds": 60 }"""));

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => sim.LeaveAsync(Some.Instance, Some.Web)));

        Assert.Equal(30, answers.Count(answer => answer.Code == "Throttling.User"));
        Assert.Equal((20L, 30L), (sim.World.QuotaUse[0].Served, sim.World.QuotaUse[0].Refused));
    }

    private static string OnePerMinute(string members) =>
        $$"""{ "action": "LeaveSecurityGroup", "calls": 1, "perSeconds": 60, {{members}} }""";
}
