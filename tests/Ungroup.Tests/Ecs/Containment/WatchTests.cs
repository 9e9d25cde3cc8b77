namespace Ungroup.Tests.Ecs.Containment;

/// <summary>A containment that somebody has broken is told once, within the hour.</summary>
public sealed class WatchTests
{
    [Fact]
    public async Task A_broken_containment_is_told_once_and_again_when_it_is_broken_again()
    {
        await using var bench = new ContainBench();
        bench.World.Host("i-1", "sg-a");
        await bench.ContainAsync("i-1");
        await bench.HourAsync();
        Assert.Empty(bench.Broken());

        bench.World["i-1"].Groups.Add("sg-a");
        await bench.HourAsync();
        await bench.HourAsync();
        var told = Assert.Single(bench.Broken());
        Assert.Equal(["sg-iso", "sg-a"], told.GetProperty("groups").EnumerateArray().Select(group => group.GetString()));
        Assert.Equal("con-1", told.GetProperty("requestId").GetString());

        bench.World["i-1"].Groups.Remove("sg-a");
        await bench.HourAsync();
        bench.World["i-1"].Groups.Add("sg-a");
        await bench.HourAsync();
        Assert.Equal(2, bench.Broken().Count);
    }

    [Fact]
    public async Task A_host_that_was_contained_again_is_told_when_it_is_broken_once_more_within_the_hour()
    {
        await using var bench = new ContainBench();
        bench.World.Host("i-1", "sg-a");
        await bench.ContainAsync("i-1");
        bench.World["i-1"].Groups.Add("sg-a");
        await bench.HourAsync();
        Assert.Single(bench.Broken());

        await bench.ContainAsync("i-1", "con-2");
        Assert.Null((await bench.Worker.Ledger.Rows.ReadAsync("default", "i-1", CancellationToken.None)).Broken);
        bench.World["i-1"].Groups.Add("sg-a");
        await bench.HourAsync();
        Assert.Equal(2, bench.Broken().Count);

        bench.World["i-1"].Groups.Remove("sg-a");
        Assert.True((await bench.ContainAsync("i-1", "con-3")).GetProperty("alreadyContained").GetBoolean());
        bench.World["i-1"].Groups.Add("sg-a");
        await bench.HourAsync();
        Assert.Equal(3, bench.Broken().Count);
    }

    [Fact]
    public async Task An_event_that_the_bus_did_not_take_is_sent_again_with_the_same_id()
    {
        await using var bench = new ContainBench();
        bench.World.Host("i-1", "sg-a");
        await bench.ContainAsync("i-1");
        bench.World["i-1"].Groups.Add("sg-a");
        bench.Worker.Bus.IsAway = true;
        await bench.HourAsync();
        Assert.Empty(bench.Broken());

        bench.Worker.Bus.IsAway = false;
        bench.Clock.Advance(TimeSpan.FromMinutes(2));
        await bench.Worker.SweepAsync();
        Assert.Single(bench.Broken());
    }

    [Fact]
    public async Task A_host_that_was_restored_is_looked_at_no_more()
    {
        await using var bench = new ContainBench();
        bench.World.Host("i-1", "sg-a");
        await bench.ContainAsync("i-1");
        await bench.RestoreAsync();
        var calls = bench.World.Calls.Count;

        await bench.HourAsync();

        Assert.Equal(calls, bench.World.Calls.Count);
    }

    [Fact]
    public async Task A_row_that_its_holder_did_not_let_go_is_looked_at_once_that_has_ended()
    {
        await using var bench = new ContainBench();
        bench.World.Host("i-1", "sg-a");
        await bench.ContainAsync("i-1");
        await bench.Worker.Ledger.Rows.UpdateAsync("default", "i-1", row => row with { HeldBy = "con-1" }, CancellationToken.None);
        bench.World["i-1"].Groups.Add("sg-a");

        await bench.HourAsync();

        Assert.Single(bench.Broken());
    }

    [Fact]
    public async Task A_resource_that_another_request_changes_now_is_left_alone()
    {
        await using var bench = new ContainBench();
        bench.World.Host("i-1", "sg-a");
        await bench.ContainAsync("i-1");
        bench.World.Instead = call => call.Action == "DescribeInstances" ? HostWorld.Error("Throttling") : null;
        await bench.BeginContainAsync("i-1", "con-2");
        await bench.Worker.Ledger.Rows.UpdateAsync("default", "i-1", row => row with { HeldBy = "con-2" }, CancellationToken.None);
        bench.World.Instead = _ => null;
        bench.World["i-1"].Groups.Add("sg-a");

        await bench.HourAsync();

        Assert.Empty(bench.Broken());
    }

    [Fact]
    public async Task What_a_contain_could_not_do_is_told_by_its_outcome_alone_and_what_others_do_then_by_an_event()
    {
        await using var bench = new ContainBench();
        bench.World.Host("i-1", "sg-a", "sg-b").Group("sg-new");
        bench.World.Instead = call => call is { Action: "LeaveSecurityGroup", Group: "sg-b" } ? HostWorld.Error("InvalidOperation.EniServiceManaged") : null;
        Assert.Equal("PartlyContained", (await bench.ContainAsync("i-1")).GetProperty("status").GetString());
        await bench.HourAsync();
        Assert.Empty(bench.Broken());

        bench.World["i-1"].Groups.Add("sg-new");
        await bench.HourAsync();
        Assert.Single(bench.Broken());
    }

    [Fact]
    public async Task A_host_that_a_restore_has_let_out_is_not_contained_any_more_although_not_all_was_restored()
    {
        await using var bench = new ContainBench();
        bench.World.Host("i-1", "sg-a", "sg-b").Card("eni-2", "i-1", "sg-a");
        await bench.ContainAsync("i-1");
        bench.World.DeleteGroup("sg-b");
        bench.World["eni-2"].Refuses = "InvalidOperation.EniServiceManaged";
        Assert.Equal("PartlyRestored", (await bench.RestoreAsync()).GetProperty("status").GetString());

        await bench.HourAsync();

        Assert.Empty(bench.Broken());
        Assert.Equal("eni-2", Assert.Single(await bench.Worker.Ledger.Rows.ContainedAsync(CancellationToken.None)).Resource);
    }

    [Fact]
    public async Task A_host_that_a_later_contain_has_put_into_another_isolation_group_is_not_broken()
    {
        await using var bench = new ContainBench();
        bench.World.Host("i-1", "sg-a").Group("sg-iso-2");
        await bench.ContainAsync("i-1");
        Assert.Equal("Contained", (await bench.ContainAsync("i-1", "con-2", ""","isolationGroupId":"sg-iso-2" """)).GetProperty("status").GetString());
        await bench.HourAsync();
        Assert.Empty(bench.Broken());

        bench.World["i-1"].Groups.Add("sg-a");
        await bench.HourAsync();
        Assert.Equal("sg-iso-2", Assert.Single(bench.Broken()).GetProperty("isolationGroup").GetString());
    }

    [Fact]
    public async Task An_interface_that_is_attached_to_a_contained_host_is_told_until_it_is_contained_too()
    {
        await using var bench = new ContainBench();
        bench.World.Host("i-1", "sg-a").Card("eni-2", "i-1", "sg-a");
        await bench.ContainAsync("i-1");
        await bench.HourAsync();
        Assert.Empty(bench.Broken());

        bench.World.Card("eni-9", "i-1", "sg-a", "sg-b");
        await bench.HourAsync();
        await bench.HourAsync();
        var told = Assert.Single(bench.Broken());
        Assert.Equal(
            ("eni-9", "con-1", "eni-9 was attached to i-1 after con-1 had contained it and is in sg-a, sg-b now; expected sg-iso alone. Find out who attached it, and contain i-1 again."),
            (told.GetProperty("resource").GetString(), told.GetProperty("requestId").GetString(), told.GetProperty("sentence").GetString()));

        Assert.Equal("Contained", (await bench.ContainAsync("i-1", "con-2")).GetProperty("status").GetString());
        await bench.HourAsync();
        Assert.Single(bench.Broken());

        bench.World["eni-9"].Groups.Add("sg-a");
        await bench.HourAsync();
        Assert.Equal("con-2", bench.Broken()[1].GetProperty("requestId").GetString());
    }

    [Fact]
    public async Task A_host_that_is_let_out_itself_is_told_although_its_new_interface_was()
    {
        await using var bench = new ContainBench();
        bench.World.Host("i-1", "sg-a");
        await bench.ContainAsync("i-1");
        bench.World.Card("eni-9", "i-1", "sg-a");
        await bench.HourAsync();
        bench.World["i-1"].Groups.Add("sg-a");
        await bench.HourAsync();

        Assert.Equal(["eni-9", "i-1"], bench.Broken().Select(told => told.GetProperty("resource").GetString()));
    }

    [Fact]
    public async Task A_new_interface_that_is_in_the_isolation_group_alone_is_contained_enough()
    {
        await using var bench = new ContainBench();
        bench.World.Host("i-1", "sg-a");
        await bench.ContainAsync("i-1");
        bench.World.Card("eni-9", "i-1", "sg-iso");

        await bench.HourAsync();

        Assert.Empty(bench.Broken());
    }

    [Fact]
    public async Task Of_a_contain_of_the_host_alone_the_other_interfaces_are_not_watched()
    {
        await using var bench = new ContainBench();
        bench.World.Host("i-1", "sg-a").Card("eni-2", "i-1", "sg-a");
        await bench.ContainAsync("i-1", more: ",\"includeInterfaces\":false");

        await bench.HourAsync();

        Assert.Empty(bench.Broken());
    }

    [Fact]
    public async Task A_host_as_it_was_costs_one_read_an_hour_and_each_interface_one_of_its_own()
    {
        await using var bench = new ContainBench();
        bench.World.Host("i-1", "sg-a").Card("eni-2", "i-1", "sg-a");
        await bench.ContainAsync("i-1");
        bench.World.Calls.Clear();

        await bench.HourAsync();

        Assert.Equal(["DescribeInstances", "DescribeNetworkInterfaces"], bench.World.Calls.Select(call => call.Action).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_look_that_a_request_has_overtaken_tells_nothing()
    {
        await using var bench = new ContainBench();
        bench.World.Host("i-1", "sg-a");
        await bench.ContainAsync("i-1");
        bench.World["i-1"].Groups.Add("sg-a");
        Task? others = null;
        bench.World.Instead = _ =>
        {
            others ??= bench.Worker.Ledger.Rows.UpdateAsync("default", "i-1", row => row with { LookedAt = bench.Clock.GetUtcNow().AddSeconds(-1) }, CancellationToken.None);
            return null;
        };

        await bench.HourAsync();
        await others!;

        Assert.Empty(bench.Broken());
        Assert.Null((await bench.Worker.Ledger.Rows.ReadAsync("default", "i-1", CancellationToken.None)).Broken);
    }
}
