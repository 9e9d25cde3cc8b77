using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Ungroup.Messages;
using Ungroup.Tests.Support;

namespace Ungroup.Tests.Ecs.Containment;

/// <summary>Scenarios that a naive containment gets wrong.</summary>
public sealed class ScenarioTests
{
    [Fact]
    public async Task A_host_joins_the_isolation_group_and_leaves_the_others()
    {
        await using var bench = new ContainBench();
        bench.World.Host("i-1", "sg-a", "sg-b");

        var outcome = await bench.ContainAsync("i-1");

        Assert.Equal(("Contained", "con-1"), (Status(outcome), outcome.GetProperty("undo").GetString()));
        Assert.Equal(["Join i-1 sg-iso", "Leave i-1 sg-a", "Leave i-1 sg-b"], bench.World.Changes);
        Assert.Equal(["sg-iso"], bench.World.Of("i-1"));
        Assert.Equal(["sg-a", "sg-b"], Texts(Interface(outcome, "i-1"), "groupsBefore"));
        Assert.Equal(300, outcome.GetProperty("sessions").GetProperty("idleSeconds").GetInt32());
        Assert.StartsWith("sha256:", outcome.GetProperty("evidenceHash").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_restore_puts_every_interface_back_where_it_was()
    {
        await using var bench = new ContainBench();
        bench.World.Host("i-1", "sg-a", "sg-b").Card("eni-2", "i-1", "sg-c");

        var contained = await bench.ContainAsync("i-1");
        bench.Restart();
        var restored = await bench.RestoreAsync();

        Assert.Equal("Restored", Status(restored));
        Assert.Equal(["sg-a", "sg-b"], bench.World.Of("i-1"));
        Assert.Equal(["sg-c"], bench.World.Of("eni-2"));
        Assert.Equal(contained.GetProperty("evidenceHash").GetString(), restored.GetProperty("previousEvidenceHash").GetString());
    }

    [Fact]
    public async Task A_group_of_another_VPC_is_refused_before_any_change()
    {
        await using var bench = new ContainBench();
        bench.World.Host("i-9", "sg-a");
        bench.World["i-9"].Vpc = "vpc-2";

        var outcome = await bench.ContainAsync("i-9");

        Assert.Equal(("Refused", "IsolationGroupUnfit"), (Status(outcome), Code(outcome)));
        Assert.Contains("vpc-2", Sentence(outcome), StringComparison.Ordinal);
        Assert.Contains("vpc-1", Sentence(outcome), StringComparison.Ordinal);
        Assert.Contains("Accounts:default:IsolationGroups", Sentence(outcome), StringComparison.Ordinal);
        Assert.Empty(bench.World.Changes);
    }

    [Fact]
    public async Task A_leaky_isolation_group_is_used_and_said()
    {
        await using var bench = new ContainBench();
        bench.World.Host("i-1", "sg-a").Group("sg-iso", inner: "Accept", rules: """{"Direction":"ingress","Policy":"Accept","IpProtocol":"TCP","PortRange":"22/22","SourceCidrIp":"10.0.0.0/8"}""");

        var outcome = await bench.ContainAsync("i-1");

        Assert.Equal("Contained", Status(outcome));
        var warnings = Texts(outcome, "warnings");
        Assert.Contains(warnings, warning => warning.Contains("Accept", StringComparison.Ordinal));
        Assert.Contains(warnings, warning => warning.Contains("22/22 from 10.0.0.0/8", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Ten_groups_leave_one_place_and_come_back_in_order()
    {
        await using var bench = new ContainBench();
        string[] groups = [.. Enumerable.Range(0, 10).Select(number => $"sg-{number}")];
        bench.World.Host("i-1", groups);

        Assert.Equal("Contained", Status(await bench.ContainAsync("i-1")));
        Assert.Equal(["sg-iso"], bench.World.Of("i-1"));
        Assert.Equal("Restored", Status(await bench.RestoreAsync()));

        Assert.Equal(groups, bench.World.Of("i-1"));
        Assert.True(bench.World.Fewest >= 1);
    }

    [Fact]
    public async Task A_group_that_was_left_for_a_place_is_named_where_the_join_fails()
    {
        await using var bench = new ContainBench();
        bench.World.Host("i-1", [.. Enumerable.Range(0, 10).Select(number => $"sg-{number}")]);
        bench.World.Instead = call => call.Action == "JoinSecurityGroup" && bench.World["i-1"].Groups.Count < 10 ? HostWorld.Error("SecurityGroupInstanceLimitExceeded") : null;

        var outcome = await bench.ContainAsync("i-1");

        Assert.Equal(("PartlyContained", "SecurityGroupInstanceLimitExceeded"), (Status(outcome), Code(outcome)));
        Assert.Contains("sg-0", Texts(Interface(outcome, "i-1"), "groupsBefore"));
        Assert.DoesNotContain("sg-0", Texts(Interface(outcome, "i-1"), "groupsAfter"));
    }

    [Fact]
    public async Task What_others_have_added_is_drift_and_what_they_have_restored_is_not()
    {
        await using var bench = new ContainBench();
        bench.World.Host("i-1", "sg-a", "sg-b");
        await bench.ContainAsync("i-1");

        bench.World["i-1"].Groups.Add("sg-a");
        var drifted = await bench.RestoreAsync();
        Assert.Equal(("Refused", "Drifted"), (Status(drifted), Code(drifted)));
        Assert.Equal(["sg-a", "sg-iso"], Texts(Interface(drifted, "i-1"), "groupsAfter").Order());

        bench.World["i-1"].Groups = ["sg-b", "sg-a"];
        var restored = await bench.RestoreAsync(requestId: "res-2");
        Assert.Equal("Restored", Status(restored));
        Assert.True(restored.GetProperty("alreadyRestored").GetBoolean());
        Assert.Contains("No restore of Ungroup", Assert.Single(Texts(restored, "warnings")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Force_goes_on_and_names_what_it_keeps()
    {
        await using var bench = new ContainBench();
        bench.World.Host("i-1", "sg-a").Group("sg-new");
        await bench.ContainAsync("i-1");
        bench.World["i-1"].Groups.Add("sg-new");

        var restored = await bench.RestoreAsync(more: ""","force":true""");

        Assert.Equal("Restored", Status(restored));
        Assert.Equal(["sg-a", "sg-new"], bench.World.Of("i-1"));
        Assert.Contains("sg-new", Assert.Single(Texts(restored, "warnings")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_removal_that_has_ended_meanwhile_is_not_undone_by_a_restore()
    {
        await using var bench = new ContainBench();
        bench.World.Host("i-1", "sg-a", "sg-b");
        await bench.ContainAsync("i-1");
        Assert.Equal("AlreadyAbsent", Status(await bench.RemoveAsync("i-1", "sg-a")));

        var restored = await bench.RestoreAsync();

        Assert.Equal("Restored", Status(restored));
        Assert.Equal(["sg-b"], bench.World.Of("i-1"));
        Assert.Contains("rem-1", Assert.Single(Texts(restored, "warnings")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_contain_finishes_the_first_and_a_restore_of_it_undoes_both()
    {
        await using var bench = new ContainBench();
        bench.World.Host("i-1", "sg-a").Card("eni-2", "i-1", "sg-b");
        bench.World["eni-2"].Refuses = "InvalidOperation.EniServiceManaged";
        Assert.Equal("PartlyContained", Status(await bench.ContainAsync("i-1")));

        bench.World["eni-2"].Refuses = null;
        Assert.Equal("Contained", Status(await bench.ContainAsync("i-1", "con-2")));
        var again = await bench.ContainAsync("i-1", "con-3");
        Assert.True(again.GetProperty("alreadyContained").GetBoolean());
        Assert.Equal("con-1", again.GetProperty("undo").GetString());

        Assert.Equal("NothingToRestore", Code(await bench.RestoreAsync("con-3")));
        Assert.Equal("Restored", Status(await bench.RestoreAsync("con-2", "res-2")));
        Assert.Equal(["sg-a"], bench.World.Of("i-1"));
        Assert.Equal(["sg-b"], bench.World.Of("eni-2"));
    }

    [Fact]
    public async Task An_interface_that_is_attached_meanwhile_is_contained_too()
    {
        await using var bench = new ContainBench();
        bench.World.Host("i-1", "sg-a");
        bench.World.Before = call =>
        {
            if (call.Action == "LeaveSecurityGroup" && call.Resource == "i-1")
            {
                bench.World.Card("eni-7", "i-1", "sg-a");
            }
        };

        var outcome = await bench.ContainAsync("i-1");

        Assert.Equal("Contained", Status(outcome));
        Assert.Equal(["sg-a"], Texts(Interface(outcome, "eni-7"), "groupsBefore"));
        Assert.Equal(["sg-iso"], bench.World.Of("eni-7"));
    }

    [Fact]
    public async Task A_managed_interface_that_is_in_no_list_is_told()
    {
        await using var bench = new ContainBench();
        bench.World.Host("i-1", "sg-a").Card("eni-m", "i-1", "sg-m");
        (bench.World["eni-m"].IsManaged, bench.World["eni-m"].Refuses) = (true, "InvalidOperation.EniServiceManaged");

        var outcome = await bench.ContainAsync("i-1");

        Assert.Equal(("PartlyContained", "InvalidOperation.EniServiceManaged"), (Status(outcome), Code(outcome)));
        Assert.Equal("InvalidOperation.EniServiceManaged", Code(Interface(outcome, "eni-m")));
    }

    [Fact]
    public async Task A_lock_stops_the_primary_alone_and_nothing_where_nothing_else_can_be_done()
    {
        await using var bench = new ContainBench();
        bench.World.Host("i-1", "sg-a").Card("eni-2", "i-1", "sg-b").Host("i-2", "sg-a");
        bench.World["i-1"].Refuses = bench.World["i-2"].Refuses = "InstanceLockedForSecurity";

        var partly = await bench.ContainAsync("i-1");
        Assert.Equal(("PartlyContained", "InstanceLockedForSecurity"), Brief(partly));
        Assert.Contains("only rules that drop traffic", Interface(partly, "i-1").GetProperty("sentence").GetString(), StringComparison.Ordinal);
        Assert.Equal(["sg-iso"], bench.World.Of("eni-2"));
        Assert.Equal(("Failed", "InstanceLockedForSecurity"), Brief(await bench.ContainAsync("i-2", "con-2")));
    }

    [Fact]
    public async Task What_has_begun_goes_on_behind_its_deadline()
    {
        await using var bench = new ContainBench();
        bench.World.Host("i-1", "sg-a");
        bench.World.Loses = call =>
        {
            if (call.Action == "JoinSecurityGroup")
            {
                bench.Clock.Advance(TimeSpan.FromMinutes(10));
                return true;
            }

            return false;
        };

        var outcome = await bench.ContainAsync("i-1", more: ""","expiresAt":"2026-01-02T03:09:05Z" """);

        Assert.Equal("Contained", Status(outcome));
        Assert.Equal(["sg-iso"], bench.World.Of("i-1"));
    }

    [Fact]
    public async Task What_has_not_begun_expires()
    {
        await using var bench = new ContainBench();
        bench.World.Host("i-1", "sg-a");
        bench.Clock.Advance(TimeSpan.FromHours(1));

        Assert.Equal("Expired", Status(await bench.ContainAsync("i-1", more: ""","expiresAt":"2026-01-02T03:09:05Z" """)));
        Assert.Empty(bench.World.Changes);
    }

    [Fact]
    public async Task A_restore_leaves_alone_what_is_gone_or_has_moved()
    {
        await using var bench = new ContainBench();
        bench.World.Host("i-1", "sg-a", "sg-b").Card("eni-2", "i-1", "sg-c").Host("i-5", "sg-a");
        await bench.ContainAsync("i-1");
        bench.World.DeleteGroup("sg-b");
        bench.World["eni-2"].Instance = "i-5";

        var restored = await bench.RestoreAsync();

        Assert.Equal("PartlyRestored", Status(restored));
        Assert.Equal("GroupGone", Code(Interface(restored, "i-1")));
        Assert.Equal("Moved", Code(Interface(restored, "eni-2")));
        Assert.Equal(["sg-a"], bench.World.Of("i-1"));
        Assert.Equal(["sg-iso"], bench.World.Of("eni-2"));
    }

    [Fact]
    public async Task Reads_that_lag_are_waited_for()
    {
        await using var bench = new ContainBench();
        bench.World.Host("i-1", "sg-a");
        bench.World.Before = call =>
        {
            if (call.Action is "JoinSecurityGroup" or "LeaveSecurityGroup")
            {
                bench.World["i-1"].Lag(4);
            }
        };

        Assert.Equal("Contained", Status(await bench.ContainAsync("i-1")));
        Assert.Equal(["Join i-1 sg-iso", "Leave i-1 sg-a"], bench.World.Changes);
    }

    [Fact]
    public async Task Others_who_undo_the_change_again_and_again_stop_it()
    {
        await using var bench = new ContainBench();
        bench.World.Host("i-1", "sg-a");
        bench.World.Before = call =>
        {
            if (call.Action == "DescribeInstances" && bench.World.Of("i-1").SequenceEqual(["sg-iso"]) && bench.World.Calls.Count(one => one.Action == "DescribeInstances") % 2 == 0)
            {
                bench.World["i-1"].Groups.Add("sg-a");
            }
        };

        var outcome = await bench.ContainAsync("i-1");

        Assert.Contains(Status(outcome), (string[])["Contained", "PartlyContained"]);
        Assert.True(Status(outcome) == "Contained" ? bench.World.Of("i-1").SequenceEqual(["sg-iso"]) : Code(outcome) == "ChangedByOthers");
    }

    [Fact]
    public async Task A_primary_interface_stands_for_its_instance()
    {
        await using var bench = new ContainBench();
        bench.World.Host("i-1", "sg-a").Card("eni-2", "i-1", "sg-b");

        Assert.Equal("Contained", Status(await bench.ContainAsync("eni-of-i-1")));
        Assert.Equal(["sg-iso"], bench.World.Of("i-1"));
        Assert.Equal(["sg-iso"], bench.World.Of("eni-2"));
        Assert.Equal("Restored", Status(await bench.RestoreAsync()));
        Assert.Equal(["sg-a"], bench.World.Of("i-1"));
    }

    [Fact]
    public async Task A_protected_group_among_those_to_leave_refuses_before_the_first_change()
    {
        await using var bench = new ContainBench(("Guardrails:ProtectedGroups:0", "sg-b"));
        bench.World.Host("i-1", "sg-a").Card("eni-2", "i-1", "sg-b");

        Assert.Equal(("Refused", "ProtectedGroup"), Brief(await bench.ContainAsync("i-1")));
        Assert.Empty(bench.World.Changes);
    }

    [Theory]
    [InlineData("JoinThenLeave")]
    [InlineData("Modify")]
    public async Task A_protected_group_that_others_add_meanwhile_is_kept_and_told(string by)
    {
        await using var bench = new ContainBench(("Guardrails:ProtectedGroups:0", "sg-p"), ("Accounts:default:ContainBy", by));
        bench.World.Host("i-1", "sg-a").Group("sg-p");
        bench.World.Before = call =>
        {
            if (call.Action == "DescribeInstances" && bench.World["i-1"].Groups.Contains("sg-iso") && !bench.World["i-1"].Groups.Contains("sg-p"))
            {
                bench.World["i-1"].Groups.Add("sg-p");
            }
        };

        Assert.Equal(("PartlyContained", "ProtectedGroup"), Brief(await bench.ContainAsync("i-1")));
        Assert.Equal(["sg-iso", "sg-p"], bench.World.Of("i-1"));
    }

    [Fact]
    public async Task Nothing_is_removed_from_an_isolation_group()
    {
        await using var bench = new ContainBench();
        bench.World.Host("i-1", "sg-a");
        await bench.ContainAsync("i-1");

        Assert.Equal(("Refused", "ProtectedGroup"), Brief(await bench.RemoveAsync("i-1", "sg-iso")));
    }

    [Fact]
    public async Task A_restore_of_a_removal_joins_that_group_unless_the_host_is_contained()
    {
        await using var bench = new ContainBench();
        bench.World.Host("i-1", "sg-a", "sg-b");
        Assert.Equal("Removed", Status(await bench.RemoveAsync("i-1", "sg-a")));
        await bench.ContainAsync("i-1");
        Assert.Equal(("Refused", "StillContained"), Brief(await bench.RestoreAsync("rem-1")));
        await bench.RestoreAsync("con-1", "res-2");

        Assert.Equal("Restored", Status(await bench.RestoreAsync("rem-1", "res-3")));
        Assert.Equal(["sg-a", "sg-b"], bench.World.Of("i-1"));
    }

    [Fact]
    public async Task A_request_that_nobody_knows_is_waited_for_and_then_refused()
    {
        await using var bench = new ContainBench();

        Assert.Equal(("Refused", "NothingToRestore"), Brief(await bench.RestoreAsync("con-9")));
        Assert.InRange(bench.Clock.GetUtcNow() - Some.Now, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(45));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public async Task However_wrong_the_clock_is_that_saw_a_restore_first_what_nobody_knows_is_waited_for_as_long(int hours)
    {
        await using var bench = new ContainBench();
        var wrong = new FakeTimeProvider(Some.Now.AddHours(hours));
        await using var first = new HandlerBench(wrong, bench.Store, environment: null, bench.World);
        Assert.IsType<Settlement.Postpone>(await first.HandleAsync(Some.Delivery("""{"requestId":"res-1","action":"restore","of":"con-9"}""", "m-first")));

        Assert.Equal(("Refused", "NothingToRestore"), Brief(await bench.RestoreAsync("con-9")));
        Assert.InRange(bench.Clock.GetUtcNow() - Some.Now, TimeSpan.FromSeconds(25), TimeSpan.FromSeconds(45));
    }

    [Fact]
    public async Task The_whole_set_is_changed_at_once_where_the_account_says_so()
    {
        await using var bench = new ContainBench(("Accounts:default:ContainBy", "Modify"));
        bench.World.Host("i-1", "sg-a", "sg-b").Card("eni-2", "i-1", "sg-c");

        Assert.Equal("Contained", Status(await bench.ContainAsync("i-1")));
        Assert.Equal(["ModifyInstanceAttribute i-1 sg-iso", "ModifyNetworkInterfaceAttribute eni-2 sg-iso"], bench.World.Changes);
        Assert.Equal("Restored", Status(await bench.RestoreAsync()));
        Assert.Equal(["sg-a", "sg-b"], bench.World.Of("i-1"));
        Assert.Equal(["sg-c"], bench.World.Of("eni-2"));
    }

    [Fact]
    public async Task A_whole_set_is_made_from_no_look_that_has_become_old()
    {
        await using var bench = new ContainBench(("Accounts:default:ContainBy", "Modify"));
        bench.World.Host("i-1", "sg-a").Card("eni-2", "i-1", "sg-c");
        await bench.ContainAsync("i-1");
        bench.World.Before = call =>
        {
            if (call.Action == "ModifyInstanceAttribute")
            {
                bench.World["eni-2"].Groups.Add("sg-others");
                bench.Clock.Advance(TimeSpan.FromSeconds(6));
            }
        };
        bench.World.Group("sg-others");

        Assert.Equal("Restored", Status(await bench.RestoreAsync()));

        Assert.Equal(["sg-c", "sg-others"], bench.World.Of("eni-2"));
    }

    [Fact]
    public async Task Where_every_look_becomes_old_the_whole_set_is_changed_all_the_same()
    {
        await using var bench = new ContainBench(("Accounts:default:ContainBy", "Modify"));
        bench.World.Host("i-1", "sg-a");
        bench.World.Before = call => bench.Clock.Advance(TimeSpan.FromSeconds(call.Action == "DescribeInstances" ? 6 : 0));

        Assert.Equal("Contained", Status(await bench.ContainAsync("i-1")));

        Assert.Equal(5, bench.World.Calls.Count(call => call.Action == "DescribeInstances"));
    }

    [Fact]
    public async Task A_dry_run_lists_every_call_and_makes_none()
    {
        await using var bench = new ContainBench();
        bench.World.Host("i-1", "sg-a").Card("eni-2", "i-1", "sg-b");

        var outcome = await bench.ContainAsync("i-1", more: ""","dryRun":true""");

        Assert.Equal("Planned", Status(outcome));
        Assert.Contains("JoinSecurityGroup i-1 sg-iso; LeaveSecurityGroup i-1 sg-a; JoinSecurityGroup eni-2 sg-iso; LeaveSecurityGroup eni-2 sg-b", Sentence(outcome), StringComparison.Ordinal);
        Assert.Empty(bench.World.Changes);
    }

    [Fact]
    public async Task A_resource_that_ECS_does_not_list_fails_with_the_code_of_a_call()
    {
        await using var bench = new ContainBench();

        Assert.Equal(("Failed", "InvalidInstanceId.NotFound"), Brief(await bench.ContainAsync("i-none")));
        Assert.Equal(("Failed", "InvalidEniId.NotFound"), Brief(await bench.ContainAsync("eni-none", "con-2")));
    }

    [Fact]
    public async Task A_group_that_ECS_forbids_is_told_and_the_rest_is_done()
    {
        await using var bench = new ContainBench();
        bench.World.Host("i-1", "sg-a", "sg-b", "sg-c");
        bench.World.Instead = call => call is { Action: "LeaveSecurityGroup", Group: "sg-a" } ? HostWorld.Error("Forbidden.RAM") : null;

        Assert.Equal(("PartlyContained", "Forbidden.RAM"), Brief(await bench.ContainAsync("i-1")));
        Assert.Equal(["sg-a", "sg-iso"], bench.World.Of("i-1"));
    }

    [Theory]
    [InlineData("JoinSecurityGroup", "JoinThenLeave")]
    [InlineData("LeaveSecurityGroup", "JoinThenLeave")]
    [InlineData("ModifyInstanceAttribute", "Modify")]
    public async Task A_permission_that_is_missing_is_asked_for_by_the_name_of_the_call(string action, string by)
    {
        await using var bench = new ContainBench(("Accounts:default:ContainBy", by));
        bench.World.Host("i-1", "sg-a");
        bench.World.Instead = call => call.Action == action ? HostWorld.Error("Forbidden.RAM") : null;

        var outcome = await bench.ContainAsync("i-1");

        Assert.Contains($"Grant the account's key ecs:{action}:", Interface(outcome, "i-1").GetProperty("sentence").GetString(), StringComparison.Ordinal);
    }

    private static (string?, string?) Brief(JsonElement outcome) => (Status(outcome), Code(outcome));

    private static string? Status(JsonElement outcome) => outcome.GetProperty("status").GetString();

    private static string? Code(JsonElement outcome) => outcome.TryGetProperty("code", out var code) ? code.GetString() : null;

    private static string Sentence(JsonElement outcome) => outcome.GetProperty("sentence").GetString()!;

    private static JsonElement Interface(JsonElement outcome, string resource) =>
        outcome.GetProperty("interfaces").EnumerateArray().Single(one => one.GetProperty("resource").GetString() == resource);

    private static List<string> Texts(JsonElement element, string member) =>
        element.TryGetProperty(member, out var list) ? [.. list.EnumerateArray().Select(text => text.GetString()!)] : [];
}
