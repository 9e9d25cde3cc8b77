using System.Text.Json;
using Ungroup.Ledger;

namespace Ungroup.Tests.Ecs.Containment;

/// <summary>A removal that has ended since the snapshot wins over it.</summary>
public sealed class RemovalsWinTests
{
    [Fact]
    public async Task Also_over_a_second_restore_of_the_same_contain()
    {
        await using var bench = new ContainBench();
        bench.World.Host("i-1", "sg-a", "sg-b");
        await bench.ContainAsync("i-1");
        await bench.RemoveAsync("i-1", "sg-a");
        await bench.RestoreAsync();
        Assert.Equal(["sg-b"], bench.World.Of("i-1"));

        await bench.RestoreAsync(requestId: "res-2", more: ""","force":true""");

        Assert.Equal(["sg-b"], bench.World.Of("i-1"));
    }

    [Fact]
    public async Task Also_where_it_has_ended_after_a_first_restore()
    {
        await using var bench = new ContainBench();
        bench.World.Host("i-1", "sg-a", "sg-b");
        await bench.ContainAsync("i-1");
        await bench.RestoreAsync();
        Assert.Equal("Removed", Status(await bench.RemoveAsync("i-1", "sg-a")));

        await bench.RestoreAsync(requestId: "res-2", more: ""","force":true""");

        Assert.Equal(["sg-b"], bench.World.Of("i-1"));
    }

    [Fact]
    public async Task Also_over_another_restore_of_the_same_contain_behind_a_later_contain()
    {
        await using var bench = new ContainBench();
        bench.World.Host("i-1", "sg-a", "sg-b");
        await bench.ContainAsync("i-1");
        await bench.RemoveAsync("i-1", "sg-a");
        await bench.RestoreAsync();
        await bench.ContainAsync("i-1", "con-2");
        await bench.RestoreAsync("con-2", "res-2");

        await bench.RestoreAsync(requestId: "res-3", more: ""","force":true""");

        Assert.Equal(["sg-b"], bench.World.Of("i-1"));
    }

    [Fact]
    public async Task But_not_over_a_snapshot_that_was_made_after_it()
    {
        await using var bench = new ContainBench();
        bench.World.Host("i-1", "sg-a", "sg-b");
        await bench.ContainAsync("i-1");
        await bench.RemoveAsync("i-1", "sg-a");
        await bench.RestoreAsync();
        bench.World["i-1"].Groups.Add("sg-a");
        await bench.ContainAsync("i-1", "con-2");

        await bench.RestoreAsync("con-2", "res-2");

        Assert.Equal(["sg-a", "sg-b"], bench.World.Of("i-1"));
    }

    [Fact]
    public async Task Also_over_the_snapshot_that_a_later_contain_has_inherited()
    {
        await using var bench = new ContainBench();
        bench.World.Host("i-1", "sg-a", "sg-b");
        await bench.ContainAsync("i-1");
        await bench.RemoveAsync("i-1", "sg-a");
        bench.World["i-1"].Groups.Add("sg-c");
        await bench.ContainAsync("i-1", "con-2");

        await bench.RestoreAsync("con-2", "res-2");

        Assert.Equal(["sg-b"], bench.World.Of("i-1"));
    }

    [Fact]
    public async Task Also_where_it_ends_while_the_restore_is_under_way()
    {
        await using var bench = new ContainBench();
        bench.World.Host("i-1", "sg-a", "sg-b");
        await bench.ContainAsync("i-1");
        var rows = new ResourceRows(bench.Store, bench.Clock);
        bench.World.Before = call =>
        {
            if (call.Action == "DescribeInstances")
            {
                Assert.True(rows.NoteRemovedAsync(new("default", "rem-1"), "i-1", "sg-a", default).IsCompletedSuccessfully);
            }
        };

        Assert.Equal("Restored", Status(await bench.RestoreAsync()));

        Assert.Equal(["sg-b"], bench.World.Of("i-1"));
    }

    [Fact]
    public async Task Also_where_it_ends_before_a_contain_that_has_looked_and_could_not_call()
    {
        await using var bench = new ContainBench();
        bench.World.Host("i-1", "sg-a", "sg-b");
        var isAway = true;
        bench.World.Unreachable = call => isAway && call.Action == "JoinSecurityGroup";
        Assert.IsType<Ungroup.Messages.Settlement.Postpone>(await bench.BeginContainAsync("i-1"));
        isAway = false;
        bench.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal("Removed", Status(await bench.RemoveAsync("i-1", "sg-a")));

        Assert.Equal("Contained", Status(await bench.ContainAsync("i-1")));
        Assert.Equal("Restored", Status(await bench.RestoreAsync()));

        Assert.Equal(["sg-b"], bench.World.Of("i-1"));
    }

    [Fact]
    public async Task But_not_over_its_own_restore()
    {
        await using var bench = new ContainBench();
        bench.World.Host("i-1", "sg-a", "sg-b");
        await bench.ContainAsync("i-1");
        await bench.RestoreAsync();
        Assert.Equal("Removed", Status(await bench.RemoveAsync("i-1", "sg-a")));

        Assert.Equal("Restored", Status(await bench.RestoreAsync("rem-1", "res-2")));

        Assert.Equal(["sg-a", "sg-b"], bench.World.Of("i-1"));
    }

    [Fact]
    public async Task A_group_that_is_left_out_and_one_that_was_put_back_by_others_are_told_apart()
    {
        await using var bench = new ContainBench();
        bench.World.Host("i-1", "sg-a", "sg-b", "sg-c");
        await bench.ContainAsync("i-1");
        await bench.RemoveAsync("i-1", "sg-a", "rem-a");
        await bench.RemoveAsync("i-1", "sg-b", "rem-b");
        bench.World["i-1"].Groups.Add("sg-b");

        var restored = await bench.RestoreAsync(more: ""","force":true""");

        Assert.Equal(["sg-b", "sg-c"], bench.World.Of("i-1"));
        Assert.Equal(
            [
                "i-1 does not go back to sg-a: rem-a has ended for it since.",
                "i-1 is in sg-b again, although rem-b has ended for it since: it was put back, and stays there.",
            ],
            restored.GetProperty("warnings").EnumerateArray().Select(warning => warning.GetString()));
    }

    [Fact]
    public async Task A_dry_run_of_the_restore_says_so()
    {
        await using var bench = new ContainBench();
        bench.World.Host("i-1", "sg-a", "sg-b");
        await bench.ContainAsync("i-1");
        await bench.RemoveAsync("i-1", "sg-a");

        var planned = await bench.RestoreAsync(more: ""","dryRun":true""");

        Assert.DoesNotContain("JoinSecurityGroup i-1 sg-a", planned.GetProperty("sentence").GetString(), StringComparison.Ordinal);
    }

    private static string? Status(JsonElement outcome) => outcome.GetProperty("status").GetString();
}
