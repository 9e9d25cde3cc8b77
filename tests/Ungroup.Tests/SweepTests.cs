using Ungroup.Ledger;
using Ungroup.Messages;
using Ungroup.Tests.Ecs;
using Ungroup.Tests.Faults;
using Ungroup.Tests.Support;

namespace Ungroup.Tests;

public sealed class SweepTests : IAsyncDisposable
{
    private static readonly TimeSpan Overdue = TimeSpan.FromHours(24) + TimeSpan.FromMinutes(6);

    // A hundred requests on a clock that stands still: nobody waits for a turn.
    private readonly FaultBench _bench = new(("Pace:Quotas:LeaveSecurityGroup", "60000"));

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task A_request_whose_message_never_came_back_fails_when_its_deadline_has_passed()
    {
        var claimed = false;
        _bench.Store.HangsAfter = _ => claimed = true;
        await _bench.CrashAsync(() => claimed);
        Assert.Equal(default, await _bench.Two.SweepAsync());

        _bench.Clock.SetUtcNow(Some.Now + Overdue);

        Assert.Equal(new SweepReport(Published: 0, Ended: 1, Forgotten: 0), await _bench.Two.SweepAsync());
        var told = new Settlement.Complete { Outcome = Assert.Single(_bench.Two.Bus.Published) };
        Assert.Equal(("Failed", "DeadlineExceeded"), FaultBench.EndOf(told));
        Assert.Equal(("m-1", "r-1"), (FaultBench.DataOf(told)["messageId"]!.GetValue<string>(), FaultBench.DataOf(told)["requestId"]!.GetValue<string>()));
        Assert.Empty(_bench.Two.Ecs.Calls);
        Assert.Equal(default, await _bench.Two.SweepAsync());
    }

    [Fact]
    public async Task A_request_that_named_its_end_expires()
    {
        var claimed = false;
        _bench.Store.HangsAfter = _ => claimed = true;
        var body = Some.Body.Replace("{", """{"expiresAt":"2026-01-02T04:00:00Z",""", StringComparison.Ordinal);
        await _bench.CrashAsync(() => claimed, Some.Delivery(body));
        _bench.Clock.Advance(TimeSpan.FromHours(2));

        Assert.Equal(1, (await _bench.Two.SweepAsync()).Ended);
        Assert.Equal("ungroup.removal.Expired.v1", Assert.Single(_bench.Two.Bus.Published).Type);
    }

    [Theory]
    [InlineData("sg-bp1base", "Removed")]
    [InlineData("sg-bp1web", "Failed")]
    public async Task A_request_that_was_called_is_looked_at_before_it_ends(string group, string status)
    {
        _bench.One.Ecs.OnLeave(FaultBench.Hangs);
        await _bench.CrashAsync(() => _bench.Leaves == 1);
        _bench.Clock.SetUtcNow(Some.Now + Overdue);
        _bench.Two.Ecs.OnRead(Replies.Instance(group));

        Assert.Equal(1, (await _bench.Two.SweepAsync()).Ended);
        Assert.Equal($"ungroup.removal.{status}.v1", Assert.Single(_bench.Two.Bus.Published).Type);
        Assert.Empty(_bench.Two.Ecs.Leaves);
    }

    [Fact]
    public async Task A_message_that_comes_after_all_is_told_what_the_sweep_has_decided()
    {
        var claimed = false;
        _bench.Store.HangsAfter = _ => claimed = true;
        await _bench.CrashAsync(() => claimed);
        _bench.Clock.SetUtcNow(Some.Now + Overdue);
        await _bench.Two.SweepAsync();

        Assert.True(Assert.IsType<Settlement.Complete>(await _bench.Two.HandleAsync()).Replayed);
        Assert.Single(_bench.Told);
    }

    [Fact]
    public async Task What_a_dead_process_decided_is_told_in_batches_and_while_the_bus_is_away_one_batch_and_a_few_events_find_out()
    {
        await DecideAsync(250);
        _bench.Clock.Advance(TimeSpan.FromMinutes(1));
        _bench.Two.Bus.IsAway = true;
        Assert.Equal(0, (await _bench.Two.SweepAsync()).Published);
        Assert.InRange(_bench.Two.Bus.Refused, 100, 121);
        _bench.Two.Bus.IsAway = false;

        Assert.Equal(250, (await _bench.Two.SweepAsync()).Published);

        Assert.Equal(250, _bench.Told.Count());
        Assert.Empty(await _bench.Ledger.ReadDueAsync(Due.Publishing, DateTimeOffset.MaxValue, behind: null, 10, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData(110)]
    [InlineData(230)]
    public async Task Fault_39_Outcomes_that_the_bus_never_takes_hold_up_none_of_those_behind_them(int unpublishable)
    {
        await DecideAsync(unpublishable + 40);
        _bench.Two.Bus.NeverTakes = told => told.ReadFacts().RequestId is { } key && int.Parse(key[2..], System.Globalization.CultureInfo.InvariantCulture) < unpublishable;
        _bench.Clock.Advance(TimeSpan.FromMinutes(1));

        var published = 0;
        for (var rounds = 0; rounds < 3; rounds++)
        {
            published += (await _bench.Two.SweepAsync()).Published;
        }

        Assert.Equal((40, 40), (published, _bench.Two.Bus.Published.Count));
    }

    [Fact]
    public async Task Fault_39_Events_that_are_too_large_hold_up_nothing_in_the_same_round()
    {
        await DecideAsync(250);
        _bench.Clock.Advance(TimeSpan.FromMinutes(1));
        _bench.Two.Bus.Largest = 100;
        Assert.Equal(0, (await _bench.Two.SweepAsync()).Published);

        _bench.Two.Bus.NeverTakes = _ => false;
        _bench.Two.Bus.Largest = int.MaxValue;
        Assert.Equal(250, (await _bench.Two.SweepAsync()).Published);
    }

    [Fact]
    public async Task Fault_39_Records_of_the_version_before_with_texts_of_any_length_are_told_short()
    {
        await DecideAsync(1);
        var stored = Assert.Single(await _bench.Ledger.ReadDueAsync(Due.Publishing, DateTimeOffset.MaxValue, behind: null, 10, TestContext.Current.CancellationToken));
        var text = System.Text.Encoding.UTF8.GetString(stored.Record.Outcome!.Json.Span)
            .Replace("\"m-0\"", $"\"{new string('m', 300_000)}\"", StringComparison.Ordinal);
        await _bench.Ledger.ReplaceAsync(
            stored,
            stored.Record with { Outcome = new(stored.Record.Outcome.Id, stored.Record.Outcome.Type, stored.Record.Outcome.Subject, System.Text.Encoding.UTF8.GetBytes(text)) },
            TestContext.Current.CancellationToken);
        _bench.Clock.Advance(TimeSpan.FromMinutes(1));
        _bench.Two.Bus.Largest = 3_000;

        Assert.Equal(1, (await _bench.Two.SweepAsync()).Published);
        Assert.Equal(stored.Record.Outcome.Id, Assert.Single(_bench.Two.Bus.Published).Id);
    }

    [Fact]
    public async Task Fault_39_Requests_that_cannot_be_ended_yet_hold_up_none_of_those_behind_them()
    {
        for (var number = 0; number < 130; number++)
        {
            var granted = Assert.IsType<Claim.Granted>(await _bench.One.Ledger.ClaimAsync(
                Some.Request($"stuck-{number}"), "m-1", Some.Deadline, TestContext.Current.CancellationToken));
            await _bench.One.Ledger.ReleaseAsync(
                granted.Lease, Some.Now.AddDays(9), mayHaveLeft: false, lastCode: null, metOthers: false, TestContext.Current.CancellationToken);
        }

        await _bench.One.Ledger.ClaimAsync(Some.Request("behind"), "m-2", Some.Deadline.AddMinutes(1), TestContext.Current.CancellationToken);
        _bench.Clock.SetUtcNow(Some.Now + Overdue + TimeSpan.FromMinutes(1));

        var ended = (await _bench.Two.SweepAsync()).Ended + (await _bench.Two.SweepAsync()).Ended;

        Assert.Equal(1, ended);
        Assert.Equal(LedgerState.Decided, (await _bench.RecordAsync("behind")).State);
    }

    [Fact]
    public async Task A_request_that_was_overdue_by_a_clock_that_is_set_right_meanwhile_waits_on()
    {
        var granted = Assert.IsType<Claim.Granted>(await _bench.One.Ledger.ClaimAsync(
            Some.Request("early"), "m-1", Some.Deadline, TestContext.Current.CancellationToken));
        await _bench.One.Ledger.ReleaseAsync(
            granted.Lease, Some.Now, mayHaveLeft: false, lastCode: null, metOthers: false, TestContext.Current.CancellationToken);
        var fast = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(Some.Now + Overdue + TimeSpan.FromMinutes(1));
        var store = new UnreliableStore(_bench.Ledger)
        {
            After = _ =>
            {
                fast.AdjustTime(Some.Now);
                return Task.CompletedTask;
            },
        };
        await using var worker = new HandlerBench(fast, store);

        Assert.Equal(0, (await worker.SweepAsync()).Ended);

        Assert.Empty(worker.Ecs.Calls);
        Assert.Equal((LedgerState.Claimed, null), ((await _bench.RecordAsync("early")).State, (await _bench.RecordAsync("early")).Owner));
    }

    [Fact]
    public async Task An_outcome_that_was_decided_by_a_clock_that_is_fast_is_told_no_later()
    {
        var fast = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(Some.Now.AddMinutes(30));
        await using var worker = new HandlerBench(fast, _bench.Ledger);
        worker.Ecs.OnLeave(Replies.Ok);
        worker.Bus.IsAway = true;
        await worker.HandleAsync();
        _bench.Clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(1, (await _bench.Two.SweepAsync()).Published);
    }

    [Fact]
    public async Task While_one_sweeps_the_others_leave_the_work_to_it_and_take_it_over_when_it_has_died()
    {
        await DecideAsync(20);
        _bench.Clock.Advance(TimeSpan.FromMinutes(1));
        (_bench.One.Bus.IsAway, _bench.One.Bus.HangsBefore) = (false, true);
        _ = _bench.One.Sweep.RunAsync(CancellationToken.None);

        Assert.Equal(default, await _bench.Two.SweepAsync());
        Assert.Empty(_bench.Two.Bus.Published);
        _bench.Clock.Advance(TimeSpan.FromMinutes(1.1));

        Assert.Equal(20, (await _bench.Two.SweepAsync()).Published);
    }

    /// <summary>Worker one decides, and its bus takes nothing.</summary>
    private async Task DecideAsync(int requests)
    {
        _bench.One.Bus.IsAway = true;
        _bench.One.Ecs.OnLeave(Replies.Ok);
        for (var number = 0; number < requests; number++)
        {
            await _bench.One.HandleAsync(Some.Body.Replace("r-1", $"r-{number}", StringComparison.Ordinal), $"m-{number}");
        }
    }
}
