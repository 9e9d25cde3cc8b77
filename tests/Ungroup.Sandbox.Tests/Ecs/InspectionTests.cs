using Ungroup.Sandbox.Tests.Ecs.Support;

namespace Ungroup.Sandbox.Tests.Ecs;

public sealed class InspectionTests
{
    [Fact]
    public async Task The_state_tells_who_is_where_and_what_has_been_done()
    {
        await using var sim = await Sim.StartAsync(Some.World(
            """{ "kind": "conflict", "on": "i-stopped", "times": 3 }""", """{ "action": "LeaveSecurityGroup", "calls": 2, "perSeconds": 60 }"""));
        await sim.LeaveAsync(Some.Instance, Some.Web);
        await sim.LeaveAsync("i-stopped", Some.Web);
        await sim.LeaveAsync("i-stopped", Some.Web);

        var state = await sim.GetAsync("/_sim/state");

        var region = state.GetProperty("regions")[0];
        var web = region.GetProperty("securityGroups").EnumerateArray().Single(group => group.GetProperty("securityGroupId").GetString() == Some.Web);
        var members = web.GetProperty("members").EnumerateArray().Select(member => member.GetString()).ToList();
        Assert.DoesNotContain("i-web", members);
        Assert.Contains("i-stopped", members);
        Assert.Contains("eni-app", members);
        Assert.Equal("i-web", region.GetProperty("instances")[0].GetProperty("instanceId").GetString());
        Assert.Equal(1, state.GetProperty("effectiveLeaves").GetProperty("i-web|sg-web").GetInt64());
        Assert.Equal(3, state.GetProperty("calls").GetProperty("LeaveSecurityGroup").GetInt64());
        Assert.Equal(2, state.GetProperty("faults")[0].GetProperty("left").GetInt32());
        Assert.Equal((2, 1), (state.GetProperty("quotas")[0].GetProperty("used").GetInt32(), state.GetProperty("quotas")[0].GetProperty("refused").GetInt32()));
    }

    [Fact]
    public async Task Requests_can_be_followed_from_where_one_left_off()
    {
        await using var sim = await Sim.StartAsync(Some.World());
        await sim.LeaveAsync(Some.Instance, Some.Web);
        await sim.LeaveAsync(Some.Instance, Some.Web);

        var all = await sim.GetAsync("/_sim/requests");
        var later = await sim.GetAsync("/_sim/requests?after=1");

        Assert.Equal(2, all.GetProperty("requests").GetArrayLength());
        var second = later.GetProperty("requests")[0];
        Assert.Equal(2, second.GetProperty("number").GetInt64());
        Assert.Equal("InvalidSecurityGroupAssociation.NotFound", second.GetProperty("code").GetString());
        Assert.Equal("i-web", second.GetProperty("parameters").GetProperty("InstanceId").GetString());
    }

    [Fact]
    public async Task The_log_keeps_the_latest_and_counts_them_all()
    {
        await using var sim = await Sim.StartAsync(Some.World(), configure: options => options.RequestLogCapacity = 2);
        for (var call = 0; call < 5; call++)
        {
            await sim.LeaveAsync(Some.Instance, Some.Web);
        }

        Assert.Equal([4, 5], sim.Simulator.Requests.Snapshot().Select(request => request.Number));
        Assert.Equal((5, 5), (sim.Simulator.Requests.Count, sim.Simulator.Requests.CountOf("LeaveSecurityGroup")));
    }

    [Fact]
    public async Task Faults_can_be_added_while_it_runs()
    {
        await using var sim = await Sim.StartAsync(Some.World());

        var added = await sim.PostAsync("/_sim/faults", """{ "kind": "conflict", "on": "i-web" }""");
        var refused = await sim.PostAsync("/_sim/faults", """{ "kind": "conflict", "on": "nowhere" }""");

        Assert.Equal(200, added.Status);
        Assert.Equal("InvalidOperation.Conflict", (await sim.LeaveAsync(Some.Instance, Some.Web)).Code);
        Assert.Equal(400, refused.Status);
        Assert.StartsWith("fault(1): `on` of fault `conflict` was `nowhere`; expected", refused.Json.GetProperty("problem").GetString());
    }
}
