using System.Text.Json;
using Ungroup.Sandbox.Ecs;
using Ungroup.Sandbox.Tests.Ecs.Support;

namespace Ungroup.Sandbox.Tests.Ecs;

/// <summary>Others change the world while callers work on it.</summary>
public sealed class ChangeTests
{
    private const string Others = "others";

    private static readonly (string, string) Region = ("RegionId", "r1");

    [Theory]
    [InlineData("""{ "kind": "join", "resource": "i-web", "securityGroupId": "sg-spare" }""", "i-web", "sg-base sg-web sg-spare")]
    [InlineData("""{ "kind": "join", "resource": "i-web", "securityGroupId": "sg-base" }""", "i-web", "sg-base sg-web")]
    [InlineData("""{ "kind": "leave", "resource": "eni-app", "securityGroupId": "sg-base" }""", "eni-app", "sg-web")]
    [InlineData("""{ "kind": "set", "resource": "i-locked", "securityGroupIds": ["sg-spare", "sg-enterprise"] }""", "i-locked", "sg-spare sg-enterprise")]
    [InlineData("""{ "kind": "set", "resource": "eni-listed", "securityGroupIds": ["sg-spare"] }""", "i-listed", "sg-spare")]
    public async Task Somebody_else_changes_a_membership_at_once(string change, string resource, string groups)
    {
        await using var sim = await Sim.StartAsync(Some.World());

        var answer = await sim.PostAsync("/_sim/changes", change);

        Assert.Equal(200, answer.Status);
        Assert.Equal(groups.Split(' '), sim.World.GroupsOf(resource));
    }

    [Theory]
    [InlineData("i-web", "DescribeInstances", "InstanceIds", """["i-web"]""")]
    [InlineData("eni-app", "DescribeNetworkInterfaces", "NetworkInterfaceId.1", "eni-app")]
    public async Task Somebody_else_tags_a_resource(string resource, string action, string parameter, string value)
    {
        await using var sim = await Sim.StartAsync(Some.World());

        await sim.PostAsync("/_sim/changes", $$"""{ "kind": "tags", "resource": "{{resource}}", "tags": { "protect": "true" } }""");

        Assert.Contains("""{"Tag":[{"TagKey":"protect","TagValue":"true"}]}""", (await sim.SendAsync(action, Region, (parameter, value))).Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "kind": "leave", "resource": "i-solo", "securityGroupId": "sg-web" }""", 409, "i-solo would be in no group; nothing ever is.")]
    [InlineData("""{ "kind": "join", "resource": "i-nowhere", "securityGroupId": "sg-web" }""", 409, "This world has no i-nowhere.")]
    [InlineData("""{ "kind": "join", "resource": "i-web", "securityGroupId": "sg-far" }""", 409, "This world has no sg-far.")]
    [InlineData("""{ "kind": "attach", "networkInterfaceId": "eni-listed", "instanceId": "i-web" }""", 409, "eni-listed is the primary interface of i-listed; it stays there.")]
    [InlineData("""{ "kind": "attach", "networkInterfaceId": "eni-app", "instanceId": "i-far" }""", 409, "This world has no i-far.")]
    [InlineData("""{ "kind": "detach", "networkInterfaceId": "eni-listed" }""", 409, "eni-listed is the primary interface of i-listed; it stays there.")]
    [InlineData("""{ "kind": "delete", "resource": "sg-web" }""", 409, "sg-web still has members, such as ")]
    [InlineData("""{ "kind": "delete", "resource": "eni-listed" }""", 409, "eni-listed is the primary interface of i-listed; it goes with its instance.")]
    [InlineData("""{ "kind": "delete", "resource": "sg-nowhere" }""", 409, "This world has no sg-nowhere.")]
    [InlineData("""{ "kind": "status", "resource": "i-nowhere", "status": "Running" }""", 409, "This world has no i-nowhere.")]
    [InlineData("""{ "kind": "locks", "resource": "i-nowhere", "locks": [] }""", 409, "This world has no i-nowhere.")]
    [InlineData("""{ "kind": "tags", "resource": "i-nowhere", "tags": {} }""", 409, "This world has no i-nowhere.")]
    [InlineData("""{ "kind": "tags", "resource": "i-web", "tags": { "env": 1 } }""", 400, "change(1): `tags` of change `tags` was an object; expected an object of texts,")]
    [InlineData("""{ "kind": "rules", "securityGroupId": "sg-nowhere" }""", 409, "This world has no sg-nowhere.")]
    [InlineData("""{ "kind": "explode" }""", 400, "change(1): `kind` of the change was `explode`; expected one of join, leave, set,")]
    [InlineData("""{ "kind": "join", "resource": "web", "securityGroupId": "sg-web" }""", 400, "change(1): `resource` of change `join` was `web`; expected i-… or eni-….")]
    [InlineData("""{ "kind": "set", "resource": "i-web", "securityGroupIds": [] }""", 400, "change(1): `securityGroupIds` of change `set` must name at least one group, and none twice.")]
    [InlineData("""{ "kind": "status", "resource": "i-web", "status": "InUse" }""", 400, "change(1): `status` of change `status` was `InUse`; expected one of Pending,")]
    [InlineData("""{ "kind": "join", "resource": "i-web", "securityGroupId": "sg-web", "afterSeconds": 1, "action": "*" }""", 400, "change(1): change `join` is made at a time or at a call;")]
    [InlineData("""{ "kind": "join", "resource": "i-web", "securityGroupId": "sg-web", "times": 2 }""", 400, "change(1): change `join` has no member `times`;")]
    [InlineData("""{ "kind": "attach", "networkInterface": { "networkInterfaceId": "eni-app", "securityGroupIds": ["sg-web"] } }""", 400, "change(1): eni-app is in this world already.")]
    [InlineData("""{ "kind": "attach", "networkInterface": { "networkInterfaceId": "eni-new", "instanceId": "i-web" } }""", 400, "change(1): interface eni-new needs `securityGroupIds`, and is a secondary one.")]
    public async Task What_cannot_be_done_is_said(string change, int status, string sentence)
    {
        await using var sim = await Sim.StartAsync(Some.World());

        var answer = await sim.PostAsync("/_sim/changes", change);

        Assert.Equal(status, answer.Status);
        Assert.StartsWith(sentence, answer.Json.GetProperty("problem").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_interface_appears_under_its_instance()
    {
        await using var sim = await Sim.StartAsync(Some.World());

        await sim.PostAsync("/_sim/changes", """
            { "kind": "attach", "networkInterface": { "networkInterfaceId": "eni-new", "instanceId": "i-web", "securityGroupIds": ["sg-spare"], "macAddress": "00:16:3e:00:00:09" } }
            """);

        Assert.Equal(["eni-primary-web", "eni-app", "eni-new"], await InterfacesOfAsync(sim, "i-web"));
        Assert.Equal(200, (await sim.JoinAsync("eni-new", Some.Web)).Status);
        Assert.Equal(["sg-spare", Some.Web], sim.World.GroupsOf("eni-new"));
    }

    [Fact]
    public async Task An_interface_moves_to_another_instance_with_its_groups()
    {
        await using var sim = await Sim.StartAsync(Some.World());

        await sim.PostAsync("/_sim/changes", """{ "kind": "detach", "networkInterfaceId": "eni-app" }""");
        var lyingAbout = await InterfacesOfAsync(sim, "i-web");
        await sim.PostAsync("/_sim/changes", """{ "kind": "attach", "networkInterfaceId": "eni-app", "instanceId": "i-solo" }""");

        Assert.Equal(["eni-primary-web"], lyingAbout);
        Assert.Equal(["eni-primary-solo", "eni-app"], await InterfacesOfAsync(sim, "i-solo"));
        Assert.Equal([Some.Base, Some.Web], sim.World.GroupsOf("eni-app"));
        Assert.Equal("InUse", sim.World.StatusOf("eni-app"));
    }

    [Fact]
    public async Task What_is_deleted_is_not_found()
    {
        await using var sim = await Sim.StartAsync(Some.World());

        foreach (var id in (string[])["sg-spare", "i-web", "eni-solo"])
        {
            Assert.Equal(200, (await sim.PostAsync("/_sim/changes", $$"""{ "kind": "delete", "resource": "{{id}}" }""")).Status);
        }

        Assert.Equal("InvalidSecurityGroupId.NotFound", (await sim.JoinAsync("i-stopped", "sg-spare")).Code);
        Assert.Equal("InvalidInstanceId.NotFound", (await sim.LeaveAsync("i-web", Some.Web)).Code);
        Assert.Equal("InvalidEniId.NotFound", (await sim.LeaveAsync("eni-solo", Some.Web)).Code);
        Assert.Equal("InvalidEniId.NotFound", (await sim.LeaveAsync("eni-primary-web", Some.Web)).Code);
        Assert.Equal("Available", sim.World.StatusOf("eni-app"));
    }

    [Fact]
    public async Task Status_locks_and_rules_change_too()
    {
        await using var sim = await Sim.StartAsync(Some.World());

        await sim.PostAsync("/_sim/changes", """{ "kind": "status", "resource": "i-web", "status": "Stopping" }""");
        await sim.PostAsync("/_sim/changes", """{ "kind": "locks", "resource": "i-stopped", "locks": ["security"] }""");
        await sim.PostAsync("/_sim/changes", """{ "kind": "status", "resource": "eni-app", "status": "Detaching" }""");
        await sim.PostAsync("/_sim/changes", """
            { "kind": "rules", "securityGroupId": "sg-spare", "innerAccessPolicy": "Drop", "rules": [{ "direction": "egress", "policy": "Drop", "destCidrIp": "0.0.0.0/0" }] }
            """);
        await sim.PostAsync("/_sim/changes", """{ "kind": "group", "regionId": "r2", "securityGroup": { "securityGroupId": "sg-new", "vpcId": "vpc-9" } }""");
        var rules = (await sim.SendAsync("DescribeSecurityGroupAttribute", Region, ("SecurityGroupId", "sg-spare"))).Json;

        Assert.Equal("IncorrectInstanceStatus", (await sim.LeaveAsync("i-web", Some.Web)).Code);
        Assert.Equal("InstanceLockedForSecurity", (await sim.LeaveAsync("i-stopped", Some.Web)).Code);
        Assert.Equal("InvalidOperation.InvalidEniState", (await sim.LeaveAsync("eni-app", Some.Web)).Code);
        Assert.Equal("Drop", rules.GetProperty("InnerAccessPolicy").GetString());
        Assert.Equal(1, rules.GetProperty("Permissions").GetProperty("Permission").GetArrayLength());
        Assert.Equal(200, (await sim.SendAsync("JoinSecurityGroup", ("InstanceId", "i-far"), ("SecurityGroupId", "sg-new"))).Status);
    }

    [Fact]
    public async Task A_change_of_the_world_file_is_made_at_its_time()
    {
        await using var sim = await Sim.StartAsync(Some.World(changes: """
            { "kind": "leave", "resource": "i-web", "securityGroupId": "sg-spare", "afterSeconds": 7 },
            { "kind": "join", "resource": "i-web", "securityGroupId": "sg-spare", "afterSeconds": 5 }
            """));

        sim.Clock.Advance(TimeSpan.FromSeconds(4.9));
        Assert.Equal([Some.Base, Some.Web], sim.World.GroupsOf(Some.Instance));
        sim.Clock.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal([Some.Base, Some.Web, "sg-spare"], sim.World.GroupsOf(Some.Instance));
        sim.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal([Some.Base, Some.Web], sim.World.GroupsOf(Some.Instance));

        Assert.Equal([Sim.Noon.AddSeconds(5), Sim.Noon.AddSeconds(7)], sim.World.MembershipChanges.Select(change => change.At));
    }

    [Fact]
    public async Task Changes_that_come_due_together_are_made_in_the_order_of_their_times()
    {
        await using var sim = await Sim.StartAsync(Some.World(changes: """
            { "kind": "set", "resource": "i-web", "securityGroupIds": ["sg-spare"], "afterSeconds": 7 },
            { "kind": "set", "resource": "i-web", "securityGroupIds": ["sg-base"], "afterSeconds": 5 }
            """));

        sim.Clock.Advance(TimeSpan.FromSeconds(8));

        Assert.Equal(["sg-spare"], sim.World.GroupsOf(Some.Instance));
    }

    [Fact]
    public async Task A_posted_change_counts_its_time_from_now()
    {
        await using var sim = await Sim.StartAsync(Some.World());
        sim.Clock.Advance(TimeSpan.FromMinutes(1));

        await sim.PostAsync("/_sim/changes", """{ "kind": "leave", "resource": "i-web", "securityGroupId": "sg-web", "afterSeconds": 5 }""");

        Assert.Equal([Some.Base, Some.Web], sim.World.GroupsOf(Some.Instance));
        sim.Clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal([Some.Base], sim.World.GroupsOf(Some.Instance));
    }

    [Fact]
    public async Task Changes_come_before_or_after_the_call_that_brings_them_about()
    {
        await using var sim = await Sim.StartAsync(Some.World(changes: """
            { "kind": "leave", "resource": "i-web", "securityGroupId": "sg-web", "action": "LeaveSecurityGroup", "on": "i-web" },
            { "kind": "join", "resource": "eni-app", "securityGroupId": "sg-spare", "action": "LeaveSecurityGroup", "on": "eni-app", "when": "after" }
            """));

        var late = await sim.LeaveAsync("i-web", Some.Web);
        var early = await sim.LeaveAsync("eni-app", Some.Web);

        Assert.Equal(("InvalidSecurityGroupAssociation.NotFound", 200), (late.Code, early.Status));
        Assert.Equal([(Others, "i-web"), ("LeaveSecurityGroup", "eni-app"), (Others, "eni-app")], sim.World.MembershipChanges.Select(change => (change.By, change.Resource)));
    }

    [Fact]
    public async Task Somebody_may_put_a_group_back_again_and_again()
    {
        await using var sim = await Sim.StartAsync(Some.World(changes: """
            { "kind": "join", "resource": "i-web", "securityGroupId": "sg-web", "action": "LeaveSecurityGroup", "on": "i-web", "after": 1, "times": 2, "when": "after" }
            """));
        var states = new List<int>();

        for (var call = 0; call < 4; call++)
        {
            await sim.LeaveAsync("i-web", Some.Web);
            states.Add(sim.World.GroupsOf("i-web").Count);
        }

        Assert.Equal([1, 2, 2, 1], states);
    }

    [Fact]
    public async Task A_change_is_made_although_the_call_goes_wrong()
    {
        await using var sim = await Sim.StartAsync(Some.World(
            faults: """{ "kind": "timeout-before-apply", "on": "i-web" }""",
            changes: """{ "kind": "join", "resource": "i-web", "securityGroupId": "sg-spare", "action": "*", "on": "i-web", "when": "after" }"""));

        Assert.Equal(504, (await sim.LeaveAsync("i-web", Some.Web)).Status);

        Assert.Equal([Some.Base, Some.Web, "sg-spare"], sim.World.GroupsOf("i-web"));
    }

    [Fact]
    public async Task The_state_tells_what_is_to_come_and_what_could_not_be_done()
    {
        await using var sim = await Sim.StartAsync(Some.World(changes: """
            { "kind": "leave", "resource": "i-solo", "securityGroupId": "sg-web", "afterSeconds": 0 },
            { "kind": "join", "resource": "i-solo", "securityGroupId": "sg-base", "action": "JoinSecurityGroup", "after": 3, "times": 2 }
            """));

        var changes = (await sim.GetAsync("/_sim/state")).GetProperty("changes");

        Assert.Equal(("leave", "i-solo", 0, 0), (Text(changes[0], "kind"), Text(changes[0], "resource"), Number(changes[0], "left"), Number(changes[0], "made")));
        Assert.Equal("i-solo would be in no group; nothing ever is.", Text(changes[0], "problem"));
        Assert.Equal((2, 3, null), (Number(changes[1], "left"), Number(changes[1], "after"), Text(changes[1], "problem")));
    }

    [Fact]
    public async Task The_state_knows_the_shortest_membership_and_the_calls_of_each_resource()
    {
        await using var sim = await Sim.StartAsync(Some.World());
        await sim.LeaveAsync("i-web", Some.Web);
        await sim.JoinAsync("i-web", Some.Web);
        await sim.JoinAsync("i-web", "sg-spare");
        await sim.LeaveAsync("i-nowhere", Some.Web);

        var state = await sim.GetAsync("/_sim/state");

        var instances = state.GetProperty("regions")[0].GetProperty("instances").EnumerateArray().ToDictionary(instance => Text(instance, "instanceId")!);
        Assert.Equal((1, 2), (Number(instances["i-web"], "shortestMembership"), Number(instances["i-stopped"], "shortestMembership")));
        var calls = state.GetProperty("callsByResource");
        Assert.Equal("""{"LeaveSecurityGroup":1,"JoinSecurityGroup":2}""", calls.GetProperty("i-web").GetRawText());
        Assert.Equal("""{"LeaveSecurityGroup":2,"JoinSecurityGroup":1}""", calls.GetProperty("sg-web").GetRawText());
        Assert.Equal(1, Number(calls.GetProperty("i-nowhere"), "LeaveSecurityGroup"));
    }

    [Fact]
    public async Task Every_membership_that_changed_can_be_followed()
    {
        await using var sim = await Sim.StartAsync(Some.World());
        await sim.JoinAsync("i-web", "sg-spare");
        await sim.LeaveAsync("eni-app", Some.Web);

        var all = (await sim.GetAsync("/_sim/memberships")).GetProperty("memberships");
        var later = (await sim.GetAsync("/_sim/memberships?after=1")).GetProperty("memberships");

        Assert.Equal(
            """{"number":1,"at":"2026-01-02T12:00:00+00:00","resource":"i-web","by":"JoinSecurityGroup","before":["sg-base","sg-web"],"after":["sg-base","sg-web","sg-spare"]}""",
            all[0].GetRawText());
        Assert.Equal("eni-app", Text(Assert.Single(later.EnumerateArray()), "resource"));
    }

    [Theory]
    [InlineData("""{ "kind": "join", "resource": "i-web", "securityGroupId": "sg-web" }""", "change `join` needs `afterSeconds` or `action`: when it is made.")]
    [InlineData("""{ "kind": "join", "resource": "i-web", "securityGroupId": "sg-web", "action": "Leave" }""", "`action` of change `join` was `Leave`; expected one of *,")]
    public void A_change_of_the_world_file_says_when(string change, string sentence) =>
        Assert.Contains(sentence, Assert.Throws<WorldFileException>(() => Some.World(changes: change)).Message, StringComparison.Ordinal);

    private static async Task<IEnumerable<string>> InterfacesOfAsync(Sim sim, string instance) => DescribeTests.Ids(
        await sim.SendAsync("DescribeNetworkInterfaces", Region, ("InstanceId", instance)), "NetworkInterfaceSets", "NetworkInterfaceSet", "NetworkInterfaceId");

    private static string? Text(JsonElement json, string name) => json.GetProperty(name).GetString();

    private static int Number(JsonElement json, string name) => json.GetProperty(name).GetInt32();
}
