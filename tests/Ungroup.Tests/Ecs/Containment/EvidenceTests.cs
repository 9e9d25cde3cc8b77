using System.Text.Json;
using System.Text.Json.Nodes;
using Ungroup.Tests.Support;

namespace Ungroup.Tests.Ecs.Containment;

/// <summary>A removal of an incident says what the resource was in, before and after; the reads for that hold nothing up.</summary>
public sealed class EvidenceTests
{
    private const string Incident = ""","origin":"incident" """;

    [Fact]
    public async Task An_incident_tells_the_groups_before_and_after()
    {
        await using var bench = new ContainBench();
        bench.World.Host("i-1", "sg-a", "sg-b");

        var outcome = await bench.RemoveAsync("i-1", "sg-a", more: Incident);

        Assert.Equal(["sg-a", "sg-b"], Texts(outcome, "groupsBefore").Order());
        Assert.Equal(["sg-b"], Texts(outcome, "groupsAfter"));
        Assert.StartsWith("sha256:", outcome.GetProperty("evidenceHash").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Others_read_nothing_unless_the_setting_says_so()
    {
        await using var bench = new ContainBench();
        bench.World.Host("i-1", "sg-a", "sg-b");

        var outcome = await bench.RemoveAsync("i-1", "sg-a");

        Assert.DoesNotContain(bench.World.Calls, call => call.Action.StartsWith("Describe", StringComparison.Ordinal));
        Assert.False(outcome.TryGetProperty("evidenceHash", out _));
    }

    [Fact]
    public async Task A_read_that_fails_is_a_warning_and_nothing_else()
    {
        await using var bench = new ContainBench(("Ecs:Evidence", "Always"));
        bench.World.Host("i-1", "sg-a", "sg-b");
        bench.World.Instead = call => call.Action == "DescribeInstances" ? HostWorld.Error("Forbidden.RAM") : null;

        var outcome = await bench.RemoveAsync("i-1", "sg-a");

        Assert.Equal("Removed", outcome.GetProperty("status").GetString());
        Assert.Equal(2, Texts(outcome, "warnings").Count);
        Assert.Empty(bench.Worker.Circuits.Snapshot());
    }

    [Theory]
    [InlineData(59.7, true)]
    [InlineData(30, false)]
    public async Task A_read_waits_for_its_turn_as_long_as_for_its_answer(double answeredAt, bool isMinuteOver)
    {
        await using var bench = new ContainBench();
        bench.World.Host("i-1", "sg-a", "sg-b");
        bench.World.Instead = call => At(call, answeredAt);

        var outcome = await bench.RemoveAsync("i-1", "sg-a", more: Incident);

        Assert.False(outcome.TryGetProperty("warnings", out var warnings), $"{warnings}");
        Assert.Equal(["sg-b"], Texts(outcome, "groupsAfter"));
        Assert.Equal(isMinuteOver, bench.Clock.GetUtcNow().Minute > Some.Now.Minute);

        // The minute is nearly over when ECS answers, and in its last moments nothing is called.
        JsonObject? At(WorldCall call, double second)
        {
            if (call.Action == "LeaveSecurityGroup")
            {
                bench.Clock.SetUtcNow(Some.Now.AddSeconds(second - Some.Now.Second));
            }

            return null;
        }
    }

    [Fact]
    public async Task A_read_whose_turn_comes_later_is_not_waited_for()
    {
        await using var bench = new ContainBench(("Pace:Quotas:DescribeInstances", "2"));
        bench.World.Host("i-1", "sg-a", "sg-b");

        var outcome = await bench.RemoveAsync("i-1", "sg-a", more: Incident);

        Assert.Contains("It is not the turn of this call yet", Assert.Single(Texts(outcome, "warnings")), StringComparison.Ordinal);
        Assert.True(bench.Clock.GetUtcNow() - Some.Now < TimeSpan.FromSeconds(3));
    }

    [Theory]
    [InlineData("app", "RAM role app: tokens that the host has taken stay valid.", null)]
    [InlineData("", null, null)]
    [InlineData(null, null, "Whether i-1 has a RAM role could not be read: ")]
    public async Task A_contain_tells_the_role_of_the_host_or_that_nobody_knows_it(string? role, string? notHandled, string? warning)
    {
        await using var bench = new ContainBench();
        bench.World.Host("i-1", "sg-a");
        bench.World.Instead = call => call.Action != "DescribeInstanceRamRole" ? null : role is null ? HostWorld.Error("Forbidden.RAM") : new()
        {
            ["RequestId"] = "R",
            ["InstanceRamRoleSets"] = new JsonObject
            {
                ["InstanceRamRoleSet"] = new JsonArray(new JsonObject { ["InstanceId"] = "i-1", ["RamRoleName"] = role }),
            },
        };

        var outcome = await bench.ContainAsync("i-1");

        Assert.Equal("Contained", outcome.GetProperty("status").GetString());
        Assert.Equal(notHandled is null ? [] : [notHandled], outcome.TryGetProperty("notHandled", out _) ? Texts(outcome, "notHandled") : []);
        var warnings = outcome.TryGetProperty("warnings", out _) ? Texts(outcome, "warnings").Where(text => text.Contains("RAM role", StringComparison.Ordinal)) : [];
        Assert.Equal(warning is null, !warnings.Any());
        Assert.All(warnings, text => Assert.StartsWith(warning!, text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Each_hash_names_the_one_before_it()
    {
        await using var bench = new ContainBench();
        bench.World.Host("i-1", "sg-a", "sg-b");

        var first = await bench.RemoveAsync("i-1", "sg-a", more: Incident);
        var second = await bench.ContainAsync("i-1");

        Assert.Equal(first.GetProperty("evidenceHash").GetString(), second.GetProperty("previousEvidenceHash").GetString());
    }

    [Fact]
    public async Task Of_two_that_end_at_once_one_comes_behind_the_other()
    {
        await using var bench = new ContainBench();
        bench.World.Host("i-1", "sg-a", "sg-b", "sg-c");

        var outcomes = await Task.WhenAll(bench.RemoveAsync("i-1", "sg-a", "rem-1", Incident), bench.RemoveAsync("i-1", "sg-b", "rem-2", Incident));

        var first = Assert.Single(outcomes, outcome => !outcome.TryGetProperty("previousEvidenceHash", out _));
        var second = Assert.Single(outcomes, outcome => outcome.TryGetProperty("previousEvidenceHash", out _));
        Assert.Equal(first.GetProperty("evidenceHash").GetString(), second.GetProperty("previousEvidenceHash").GetString());
    }

    [Fact]
    public async Task A_restore_is_behind_the_contain_of_the_primary_interface_that_it_undoes()
    {
        await using var bench = new ContainBench();
        bench.World.Host("i-1", "sg-a");

        var contained = await bench.ContainAsync("eni-of-i-1");
        var restored = await bench.RestoreAsync();

        Assert.Equal(contained.GetProperty("evidenceHash").GetString(), restored.GetProperty("previousEvidenceHash").GetString());
    }

    private static List<string> Texts(JsonElement element, string member) =>
        element.TryGetProperty(member, out var list) ? [.. list.EnumerateArray().Select(text => text.GetString()!)] : [];
}
