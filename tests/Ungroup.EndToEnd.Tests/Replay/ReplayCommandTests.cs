using System.Globalization;
using Ungroup.EndToEnd.Tests.Crash;

namespace Ungroup.EndToEnd.Tests.Replay;

public sealed class ReplayCommandTests
{
    // UNGROUP_POISON asks for as many as an operator once sent: 5,000.
    private static readonly int Copies = int.Parse(Environment.GetEnvironmentVariable("UNGROUP_POISON") ?? "500", CultureInfo.InvariantCulture);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Fault_36_A_poison_message_replayed_in_thousands_is_sent_once_and_the_rest_stays(bool sameKey)
    {
        await using var dead = await Graveyard.OpenAsync(1);
        await dead.BuryAsync([.. Enumerable.Range(0, Copies).Select(number => Poison(sameKey ? 0 : number))]);
        await using var worker = dead.StartWorker();

        Assert.Equal(1, await dead.ReplayAsync());
        Assert.Equal(Copies - 1, dead.Left);
        Assert.Contains("ungroup: stopped: The first letter was sent alone, and m-0 ended as Failed ", dead.Terminal.Error, StringComparison.Ordinal);
        Assert.Contains($"1 of {Copies} dead letters sent back to removals, {Copies - 1} left.", dead.Terminal.Out, StringComparison.Ordinal);

        // Again: one request that has failed already is not even tried; of many, one more is.
        Assert.Equal(1, await dead.ReplayAsync());
        Assert.Equal(Copies - (sameKey ? 1 : 2), dead.Left);
        Assert.InRange(dead.Cloud.Ecs.Requests.CountOf("LeaveSecurityGroup"), 0, sameKey ? 1 : 2);
    }

    [Fact]
    public async Task Fault_36_Copies_of_a_message_that_is_no_request_are_not_sent_at_all()
    {
        await using var dead = await Graveyard.OpenAsync(1);
        await dead.BuryAsync([.. Enumerable.Range(0, Copies).Select(number => ($"m-{number}", """{"instanceId":"i-1","securityGroupId":"sg-1","regionId":"cn-a","dryrun":true}"""))]);

        Assert.Equal(1, await dead.ReplayAsync());
        Assert.Equal((Copies, 0), (dead.Left, dead.Waiting));
        Assert.Contains("m-0: `dryrun` is not a member of a request; did you mean `dryRun`?", dead.Terminal.Error, StringComparison.Ordinal);
        Assert.Contains("ungroup: stopped: nothing was sent.", dead.Terminal.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_good_batch_is_sent_back_and_removed_after_its_canary()
    {
        const int Requests = 120;
        await using var dead = await Graveyard.OpenAsync(Requests);
        await dead.BuryAsync([.. Enumerable.Range(0, Requests).Select(CrashWorld.Request)]);
        await using var worker = dead.StartWorker();

        Assert.Equal((0, ""), (await dead.ReplayAsync(), dead.Terminal.Error));
        Assert.Equal((0, Requests), (dead.Left, dead.Removed(Requests)));
        Assert.Contains("m-0 sent, alone.", dead.Terminal.Out, StringComparison.Ordinal);
        Assert.Contains("120 of 120 dead letters sent back to removals, 0 left.", dead.Terminal.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_canary_that_fails_keeps_the_good_ones_from_being_sent()
    {
        await using var dead = await Graveyard.OpenAsync(20);
        await dead.BuryAsync([Poison(99), .. Enumerable.Range(0, 20).Select(CrashWorld.Request)]);
        await using var worker = dead.StartWorker();

        Assert.Equal(1, await dead.ReplayAsync());
        Assert.Equal((20, 0), (dead.Left, dead.Removed(20)));
    }

    [Fact]
    public async Task A_failure_behind_the_canary_ends_the_run_with_its_batch()
    {
        await using var dead = await Graveyard.OpenAsync(120);
        await dead.BuryAsync([.. Enumerable.Range(0, 120).Select(number => number == 30 ? Poison(30) : CrashWorld.Request(number))]);
        await using var worker = dead.StartWorker();

        Assert.Equal(1, await dead.ReplayAsync());
        Assert.Equal(120 - 51, dead.Left);
        Assert.Contains("m-30 ended as Failed ", dead.Terminal.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_canary_that_comes_back_ends_the_run()
    {
        await using var dead = await Graveyard.OpenAsync(3);
        await dead.BuryAsync([.. Enumerable.Range(0, 3).Select(CrashWorld.Request)]);

        var burying = dead.BuryNextAsync(1);
        Assert.Equal(1, await dead.ReplayAsync());
        await burying;

        Assert.Equal((3, 0), (dead.Left, dead.Waiting));
        Assert.Contains("m-0 is back in the dead-letter queue.", dead.Terminal.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_canary_nobody_works_on_is_waited_for_no_longer_than_asked()
    {
        await using var dead = await Graveyard.OpenAsync(3);
        await dead.BuryAsync([.. Enumerable.Range(0, 3).Select(CrashWorld.Request)]);

        Assert.Equal(1, await dead.ReplayAsync("--patience", "00:00:01"));
        Assert.Equal((2, 1), (dead.Left, dead.Waiting));
        Assert.Contains("m-0 had no outcome after 00:00:01.", dead.Terminal.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Letters_that_would_come_back_can_be_left_and_no_more_is_sent_than_asked_for()
    {
        await using var dead = await Graveyard.OpenAsync(5);
        await dead.BuryAsync([("bad", "{}"), .. Enumerable.Range(0, 5).Select(CrashWorld.Request)]);
        await using var worker = dead.StartWorker();

        Assert.Equal(0, await dead.ReplayAsync("--skip-invalid", "--max", "3"));
        Assert.Equal((3, 3), (dead.Left, dead.Removed(5)));

        Assert.Equal(0, await dead.ReplayAsync("--skip-invalid"));
        Assert.Equal((1, 5), (dead.Left, dead.Removed(5)));
    }

    [Fact]
    public async Task What_has_its_outcome_already_is_no_canary_and_is_only_told_again()
    {
        await using var dead = await Graveyard.OpenAsync(2);
        await using var worker = dead.StartWorker();
        await dead.Cloud.SendAsync([CrashWorld.Request(0)], Terminal.Patience);
        await worker.UntilAsync(() => dead.Removed(1) == 1 && dead.Waiting == 0, () => "not removed", Terminal.Patience);
        await worker.StopAsync(Terminal.Patience);
        await dead.BuryAsync(CrashWorld.Request(0), CrashWorld.Request(1));
        await using var next = dead.StartWorker();

        Assert.Equal(0, await dead.ReplayAsync());
        Assert.Contains("2 can be sent, 1 only to be told again; m-1 would be the first.", dead.Terminal.Out, StringComparison.Ordinal);
        Assert.Contains("m-1 sent, alone.", dead.Terminal.Out, StringComparison.Ordinal);
        Assert.Equal((0, 2), (dead.Left, dead.Removed(2)));
    }

    [Fact]
    public async Task A_dry_run_touches_nothing()
    {
        await using var dead = await Graveyard.OpenAsync(3);
        await dead.BuryAsync([.. Enumerable.Range(0, 3).Select(CrashWorld.Request)]);

        Assert.Equal(0, await dead.ReplayAsync("--dry-run"));
        Assert.Equal((3, 0), (dead.Left, dead.Waiting));
        Assert.Contains("3 dead letters; 3 can be sent", dead.Terminal.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--ledger-path", "/nowhere/ledger.db", "There is no ledger /nowhere/ledger.db")]
    [InlineData("--ledger", "memory", "A ledger in memory is its worker's alone")]
    [InlineData("--max", "0", "--max was 0; expected at least 1.")]
    [InlineData("--patience", "5", "--patience was 5; expected a time with its unit")]
    [InlineData("--patience", "00:00:00", "--patience was 00:00:00; expected more than nothing")]
    public async Task What_cannot_be_watched_or_meant_is_refused(string option, string value, string sentence)
    {
        var terminal = new Terminal();

        Assert.Equal(2, await terminal.RunAsync("replay", "--bus", "ns.servicebus.windows.net", option, value));
        Assert.StartsWith($"ungroup: {sentence}", terminal.Error, StringComparison.Ordinal);
    }

    private static (string MessageId, string Body) Poison(int number) => (
        string.Create(CultureInfo.InvariantCulture, $"m-{number}"),
        $$"""{"requestId":"r-{{number}}","instanceId":"i-nobody-{{number}}","securityGroupId":"{{CrashWorld.Group}}","regionId":"cn-hangzhou"}""");
}
