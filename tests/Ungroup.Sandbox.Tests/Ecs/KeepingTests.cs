using System.Text.Json;
using System.Text.Json.Nodes;
using Ungroup.Sandbox.Ecs;
using Ungroup.Sandbox.Tests.Ecs.Support;

namespace Ungroup.Sandbox.Tests.Ecs;

/// <summary>A world that outlives its simulator.</summary>
public sealed class KeepingTests : IDisposable
{
    private static readonly (string, string) Region = ("RegionId", "r1");

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("kept-world-");

    private string Kept => Path.Combine(_directory.FullName, "world.json");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public async Task A_second_run_goes_on_from_where_the_first_has_left_it()
    {
        await using (var first = await Sim.StartAsync(Some.World().KeptAt(Kept)))
        {
            await first.LeaveAsync("i-web", Some.Web);
            await first.JoinAsync("i-web", "sg-spare");
            await first.JoinAsync("eni-app", "sg-spare");
        }

        var world = Some.World().KeptAt(Kept);
        await using var second = await Sim.StartAsync(world);

        Assert.Equal(WorldPast.Continues, world.Past);
        Assert.Equal([Some.Base, "sg-spare"], world.GroupsOf("i-web"));
        Assert.Equal([Some.Base, Some.Web, "sg-spare"], world.GroupsOf("eni-app"));
        Assert.Equal((1, 2), (world.ShortestMembership("i-web"), world.ShortestMembership("eni-app")));
        Assert.Equal(1, world.EffectiveLeaves("i-web", Some.Web));
        Assert.Equal("InvalidSecurityGroupAssociation.NotFound", (await second.LeaveAsync("i-web", Some.Web)).Code);
    }

    [Fact]
    public async Task A_change_is_on_disk_before_its_caller_hears_of_it()
    {
        await using var sim = await Sim.StartAsync(Some.World().KeptAt(Kept));

        await Task.WhenAll(((string[])["i-web", "i-stopped", "i-unpaid", "eni-app"]).Select(async resource =>
        {
            await sim.LeaveAsync(resource, Some.Web);
            Assert.Equal([Some.Base], Some.World().KeptAt(Kept).GroupsOf(resource));
        }));
        Assert.Equal(["world.json"], _directory.EnumerateFiles().Select(file => file.Name));
    }

    [Fact]
    public async Task Every_member_of_a_world_survives()
    {
        var before = await StateAsync(Hosts.World());
        await using (var sim = await Sim.StartAsync(Hosts.World().KeptAt(Kept)))
        {
            await sim.JoinAsync("i-1", "sg-iso");
            await sim.LeaveAsync("i-1", "sg-iso");
        }

        var kept = Hosts.World().KeptAt(Kept);

        Assert.Equal(WorldPast.Continues, kept.Past);
        Assert.Equal(before, await StateAsync(kept));
    }

    [Fact]
    public async Task What_came_and_went_has_come_and_gone()
    {
        await using (var first = await Sim.StartAsync(Some.World().KeptAt(Kept)))
        {
            string[] changes =
            [
                """{ "kind": "attach", "networkInterface": { "networkInterfaceId": "eni-new", "instanceId": "i-solo", "securityGroupIds": ["sg-base"] } }""",
                """{ "kind": "attach", "networkInterfaceId": "eni-app", "instanceId": "i-solo" }""",
                """{ "kind": "delete", "resource": "sg-spare" }""",
                """{ "kind": "delete", "resource": "i-stopped" }""",
                """{ "kind": "locks", "resource": "i-unpaid", "locks": ["security"] }""",
                """{ "kind": "status", "resource": "i-boot", "status": "Stopped" }""",
            ];
            foreach (var change in changes)
            {
                Assert.Equal(200, (await first.PostAsync("/_sim/changes", change)).Status);
            }
        }

        await using var second = await Sim.StartAsync(Some.World().KeptAt(Kept));

        var interfaces = await second.SendAsync("DescribeNetworkInterfaces", Region, ("InstanceId", "i-solo"));
        Assert.Equal(["eni-primary-solo", "eni-app", "eni-new"], DescribeTests.Ids(interfaces, "NetworkInterfaceSets", "NetworkInterfaceSet", "NetworkInterfaceId"));
        Assert.Equal("InvalidSecurityGroupId.NotFound", (await second.JoinAsync("i-web", "sg-spare")).Code);
        Assert.Equal("InvalidInstanceId.NotFound", (await second.LeaveAsync("i-stopped", Some.Web)).Code);
        Assert.Equal("InstanceLockedForSecurity", (await second.LeaveAsync("i-unpaid", Some.Web)).Code);
        Assert.Equal("Stopped", second.World.StatusOf("i-boot"));
    }

    [Fact]
    public async Task Time_faults_and_changes_go_on()
    {
        const string Faults = """{ "kind": "conflict", "on": "i-web", "times": 2 }""";
        const string Changes = """
            { "kind": "join", "resource": "i-solo", "securityGroupId": "sg-base", "afterSeconds": 60 },
            { "kind": "attach", "networkInterface": { "networkInterfaceId": "eni-new", "securityGroupIds": ["sg-base"] }, "action": "LeaveSecurityGroup", "after": 1 }
            """;
        await using (var first = await Sim.StartAsync(Some.World(Faults, changes: Changes).KeptAt(Kept)))
        {
            Assert.Equal("InvalidOperation.Conflict", (await first.LeaveAsync("i-web", Some.Web)).Code);
            first.Clock.Advance(TimeSpan.FromSeconds(10));
            Assert.Equal("InvalidOperation.Conflict", (await first.LeaveAsync("i-web", Some.Web)).Code);
        }

        await using var second = await Sim.StartAsync(Some.World(Faults, changes: Changes).KeptAt(Kept), Sim.Noon.AddSeconds(59));

        Assert.Equal(["sg-web"], second.World.GroupsOf("i-solo"));
        Assert.Equal(200, (await second.LeaveAsync("i-web", Some.Web)).Status);
        Assert.Equal(["sg-base"], second.World.GroupsOf("eni-new"));
        Assert.Equal("Running", second.World.StatusOf("i-boot"));
        second.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(["sg-web", "sg-base"], second.World.GroupsOf("i-solo"));
    }

    [Fact]
    public async Task Other_faults_begin_as_the_file_says_in_a_world_that_goes_on()
    {
        await using (var first = await Sim.StartAsync(Some.World().KeptAt(Kept)))
        {
            await first.LeaveAsync("i-web", Some.Web);
        }

        await using var second = await Sim.StartAsync(Some.World("""{ "kind": "conflict", "on": "i-web" }""").KeptAt(Kept));

        Assert.Equal(WorldPast.Continues, second.World.Past);
        Assert.Equal([Some.Base], second.World.GroupsOf("i-web"));
        Assert.Equal("InvalidOperation.Conflict", (await second.JoinAsync("i-web", Some.Web)).Code);
    }

    [Fact]
    public async Task Other_regions_begin_anew()
    {
        await using (var first = await Sim.StartAsync(Some.World().KeptAt(Kept)))
        {
            await first.LeaveAsync("i-web", Some.Web);
        }

        var world = Hosts.World().KeptAt(Kept);

        Assert.Equal(WorldPast.StartsOver, world.Past);
        Assert.Equal(["sg-a", "sg-b"], world.GroupsOf("i-1"));
    }

    [Fact]
    public void Where_nothing_was_kept_the_file_is_the_world()
    {
        Assert.Equal(WorldPast.None, World.Sample.KeptAt(Kept).Past);
        Assert.Equal(WorldPast.None, World.Sample.Past);
    }

    [Theory]
    [InlineData("{", "this is not JSON.")]
    [InlineData("{}", "the kept world needs `startedAt`.")]
    [InlineData("""{ "startedAt": "soon" }""", "`startedAt` is no time.")]
    public void What_nobody_kept_is_refused(string text, string sentence)
    {
        File.WriteAllText(Kept, text);

        var refusal = Assert.Throws<WorldFileException>(() => Some.World().KeptAt(Kept));

        Assert.StartsWith($"{Kept}(1): {sentence}", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_world_that_cannot_be_kept_answers_no_change()
    {
        await using var sim = await Sim.StartAsync(Some.World().KeptAt(Path.Combine(_directory.FullName, "nowhere", "world.json")));

        var answer = await sim.LeaveAsync("i-web", Some.Web);

        Assert.Equal(500, answer.Status);
        Assert.Contains("The world cannot be kept in ", answer.Body, StringComparison.Ordinal);
    }

    private static async Task<string> StateAsync(World world)
    {
        await using var sim = await Sim.StartAsync(world);
        var state = new List<string>();
        foreach (var (action, more) in ((string, (string, string)[])[])
        [
            ("DescribeInstances", []), ("DescribeNetworkInterfaces", []), ("DescribeSecurityGroups", []),
            ("DescribeSecurityGroupAttribute", [("SecurityGroupId", "sg-iso")]), ("DescribeInstanceRamRole", [("RamRoleName", "app")]),
        ])
        {
            var answer = JsonNode.Parse((await sim.SendAsync(action, [Region, .. more])).Body)!.AsObject();
            answer.Remove("RequestId");
            state.Add(answer.ToJsonString());
        }

        return JsonSerializer.Serialize(state);
    }
}
