using System.Text.Json;
using System.Text.Json.Nodes;
using Ungroup.Ledger;

namespace Ungroup.Tests.Ecs.Containment;

/// <summary>What requests of ours have left behind is no drift, whichever of them a restore names; everything else is.</summary>
public sealed class DriftTests
{
    [Fact]
    public async Task A_restore_of_the_first_contain_undoes_what_a_second_one_has_finished()
    {
        await using var bench = new ContainBench();
        bench.World.Host("i-1", "sg-a").Card("eni-2", "i-1", "sg-b");
        bench.World["eni-2"].Refuses = "InvalidOperation.EniServiceManaged";
        Assert.Equal("PartlyContained", Status(await bench.ContainAsync("i-1")));
        bench.World["eni-2"].Refuses = null;
        Assert.Equal("Contained", Status(await bench.ContainAsync("i-1", "con-2")));

        var restored = await bench.RestoreAsync("con-1");

        Assert.Equal("Restored", Status(restored));
        Assert.Equal(["sg-a", "sg-b"], bench.World.Of("i-1").Concat(bench.World.Of("eni-2")));
    }

    [Fact]
    public async Task Whoever_restored_the_first_contain_has_restored_the_second()
    {
        await using var bench = new ContainBench();
        bench.World.Host("i-1", "sg-a").Group("sg-new");
        await bench.ContainAsync("i-1");
        bench.World["i-1"].Groups.Add("sg-new");
        Assert.Equal("Contained", Status(await bench.ContainAsync("i-1", "con-2")));
        await bench.RestoreAsync("con-1");

        var again = await bench.RestoreAsync("con-2", "res-2");

        Assert.True(again.GetProperty("alreadyRestored").GetBoolean());
        Assert.False(again.TryGetProperty("warnings", out _));
    }

    [Fact]
    public async Task A_restore_of_either_of_two_contains_in_two_isolation_groups_leaves_both()
    {
        await using var bench = new ContainBench();
        bench.World.Host("i-1", "sg-a", "sg-b").Group("sg-iso-2");
        await bench.ContainAsync("i-1");
        bench.World.Instead = call => call is { Action: "LeaveSecurityGroup", Group: "sg-iso" } ? HostWorld.Error("InvalidOperation.EniServiceManaged") : null;
        Assert.Equal("PartlyContained", Status(await bench.ContainAsync("i-1", "con-2", ""","isolationGroupId":"sg-iso-2" """)));
        Assert.Equal(["sg-iso", "sg-iso-2"], bench.World.Of("i-1"));
        bench.World.Instead = _ => null;

        var restored = await bench.RestoreAsync("con-1");

        Assert.Equal("Restored", Status(restored));
        Assert.Equal(["sg-a", "sg-b"], bench.World.Of("i-1"));
        Assert.False(restored.TryGetProperty("warnings", out _));
    }

    [Fact]
    public async Task What_a_restore_has_left_undone_is_done_by_the_next_one()
    {
        await using var bench = new ContainBench();
        bench.World.Host("i-1", "sg-a", "sg-b");
        await bench.ContainAsync("i-1");
        bench.World.Instead = call => call is { Action: "JoinSecurityGroup", Group: "sg-b" } ? HostWorld.Error("InvalidOperation.EniServiceManaged") : null;
        Assert.Equal("PartlyRestored", Status(await bench.RestoreAsync()));
        Assert.Equal(["sg-a"], bench.World.Of("i-1"));
        bench.World.Instead = _ => null;

        Assert.Equal("Restored", Status(await bench.RestoreAsync(requestId: "res-2")));
        Assert.Equal(["sg-a", "sg-b"], bench.World.Of("i-1"));
    }

    [Fact]
    public async Task What_others_have_changed_behind_a_restore_that_was_not_whole_is_drift()
    {
        await using var bench = new ContainBench();
        bench.World.Host("i-1", "sg-a", "sg-b").Group("sg-new");
        await bench.ContainAsync("i-1");
        bench.World.Instead = call => call is { Action: "JoinSecurityGroup", Group: "sg-b" } ? HostWorld.Error("InvalidOperation.EniServiceManaged") : null;
        await bench.RestoreAsync();
        bench.World.Instead = _ => null;
        bench.World["i-1"].Groups.Add("sg-new");

        var drifted = await bench.RestoreAsync(requestId: "res-2");

        Assert.Equal("Drifted", drifted.GetProperty("code").GetString());
        Assert.Equal(["sg-a", "sg-new"], bench.World.Of("i-1"));
    }

    [Fact]
    public async Task What_a_removal_of_ours_has_taken_away_since_is_no_drift()
    {
        await using var bench = new ContainBench();
        bench.World.Host("i-1", "sg-a", "sg-b");
        bench.World.Instead = call => call is { Action: "LeaveSecurityGroup", Group: "sg-b" } ? HostWorld.Error("InvalidOperation.EniServiceManaged") : null;
        Assert.Equal("PartlyContained", Status(await bench.ContainAsync("i-1")));
        bench.World.Instead = _ => null;
        Assert.Equal("Removed", Status(await bench.RemoveAsync("i-1", "sg-b")));

        Assert.Equal("Restored", Status(await bench.RestoreAsync()));
        Assert.Equal(["sg-a"], bench.World.Of("i-1"));
    }

    [Fact]
    public async Task A_change_that_others_have_undone_whole_is_told_as_one()
    {
        await using var bench = new ContainBench();
        bench.World.Host("i-1", "sg-a");
        bench.World.Before = call =>
        {
            if (call.Action == "LeaveSecurityGroup")
            {
                bench.World["i-1"].Groups = ["sg-a"];
            }
        };

        var outcome = await bench.ContainAsync("i-1");

        Assert.Equal(("PartlyContained", "ChangedByOthers"), (Status(outcome), outcome.GetProperty("code").GetString()));
        Assert.DoesNotContain("nothing was changed", outcome.GetProperty("sentence").GetString(), StringComparison.Ordinal);
        Assert.True((await bench.RestoreAsync()).GetProperty("alreadyRestored").GetBoolean());
    }

    [Fact]
    public async Task Restores_that_name_each_other_end_at_once()
    {
        await using var bench = new ContainBench();
        await bench.Worker.HandleAsync(Support.Some.Delivery("""{"requestId":"res-1","action":"restore","of":"res-2"}""", "m-1"));

        var outcome = await bench.RestoreAsync("res-1", "res-2");

        Assert.Equal("NothingToRestore", outcome.GetProperty("code").GetString());
        Assert.Contains("is a restore itself", outcome.GetProperty("sentence").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_interface_that_was_detached_meanwhile_is_said_to_be()
    {
        await using var bench = new ContainBench();
        bench.World.Host("i-1", "sg-a").Card("eni-2", "i-1", "sg-b");
        bench.World.Before = call =>
        {
            if (call.Action == "LeaveSecurityGroup")
            {
                bench.World.Detach("eni-2");
            }
        };

        var outcome = await bench.ContainAsync("i-1");

        Assert.Equal("PartlyContained", Status(outcome));
        Assert.Contains("was attached to i-1 and is not any more", outcome.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_whose_row_an_earlier_version_has_written_is_watched_contained_again_and_restored()
    {
        await using var bench = new ContainBench();
        bench.World.Host("i-1", "sg-a").Group("sg-new");
        await bench.ContainAsync("i-1");
        var note = (await bench.Store.ReadNoteAsync("resource:default:i-1", CancellationToken.None))!;
        var row = JsonNode.Parse(note.Text)!.AsObject();
        Assert.All((string[])["leftIn", "isolatedIn", "evidence", "removed"], later => Assert.True(row.Remove(later), later));
        row["ofALaterVersion"] = 1;
        Assert.NotNull(await bench.Store.WriteNoteAsync(note, note.Name, row.ToJsonString(), CancellationToken.None));

        await bench.HourAsync();
        Assert.True((await bench.ContainAsync("i-1", "con-2")).GetProperty("alreadyContained").GetBoolean());
        await bench.HourAsync();
        Assert.Equal("Restored", Status(await bench.RestoreAsync()));

        Assert.Equal(["sg-a"], bench.World.Of("i-1"));
        Assert.Contains("ofALaterVersion", (await bench.Store.ReadNoteAsync(note.Name, CancellationToken.None))!.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_contain_has_left_behind_is_known_although_it_was_killed_before_it_let_go()
    {
        await using var bench = new ContainBench();
        bench.World.Host("i-1", "sg-a").Group("sg-iso-2");
        await bench.ContainAsync("i-1");
        var rows = bench.Worker.Ledger.Rows;
        var before = await rows.ReadAsync("default", "i-1", CancellationToken.None);
        Assert.Equal("Contained", Status(await bench.ContainAsync("i-1", "con-2", ""","isolationGroupId":"sg-iso-2" """)));
        await rows.UpdateAsync("default", "i-1", _ => before with { HeldBy = "con-2", Epoch = 1 }, CancellationToken.None);

        await bench.HourAsync();
        Assert.Empty(bench.Broken());
        await rows.UpdateAsync("default", "i-1", _ => before with { HeldBy = "con-2", Epoch = 1 }, CancellationToken.None);
        Assert.Equal("Restored", Status(await bench.RestoreAsync("con-1")));

        Assert.Equal(["sg-a"], bench.World.Of("i-1"));
    }

    [Fact]
    public async Task What_a_later_containment_has_left_behind_is_drift_for_an_earlier_one()
    {
        await using var bench = new ContainBench();
        bench.World.Host("i-1", "sg-a").Group("sg-c");
        await bench.ContainAsync("i-1");
        await bench.RestoreAsync("con-1");
        bench.World["i-1"].Groups.Add("sg-c");
        bench.World["i-1"].Groups.Remove("sg-a");
        await bench.ContainAsync("i-1", "con-9");
        await bench.RestoreAsync("con-9", "res-9");

        var again = await bench.RestoreAsync("con-1", "res-2");

        Assert.Equal(("Refused", "Drifted"), (Status(again), again.GetProperty("code").GetString()));
        Assert.Equal(["sg-c"], bench.World.Of("i-1"));
    }

    [Fact]
    public async Task A_contain_that_puts_an_interface_back_where_it_was_before_an_earlier_one_has_changed_something()
    {
        await using var bench = new ContainBench();
        bench.World.Host("i-1", "sg-a").Card("eni-2", "i-1", "sg-iso").Group("sg-iso-2");
        bench.World["i-1"].Refuses = "InstanceLockedForSecurity";
        Assert.Equal("PartlyContained", Status(await bench.ContainAsync("i-1", more: ""","isolationGroupId":"sg-iso-2" """)));
        Assert.Equal(["sg-iso-2"], bench.World.Of("eni-2"));

        var second = await bench.ContainAsync("i-1", "con-2");

        Assert.Equal(["sg-iso"], bench.World.Of("eni-2"));
        Assert.Equal(("PartlyContained", "con-2"), (Status(second), second.GetProperty("undo").GetString()));
    }

    private static string? Status(JsonElement outcome) => outcome.GetProperty("status").GetString();
}
