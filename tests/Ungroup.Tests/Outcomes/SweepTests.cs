using Ungroup.Ledger;
using Ungroup.Outcomes;
using Ungroup.Tests.Ecs;
using Ungroup.Tests.Faults;
using Ungroup.Tests.Support;

namespace Ungroup.Tests.Outcomes;

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
    public async Task What_a_dead_process_decided_is_told_in_batches_and_no_further_batch_is_tried_while_the_bus_is_away()
    {
        await DecideAsync(250);
        _bench.Clock.Advance(TimeSpan.FromMinutes(1));
        _bench.Two.Bus.IsAway = true;
        Assert.Equal(0, (await _bench.Two.SweepAsync()).Published);
        Assert.Equal(100, _bench.Two.Bus.Refused);
        _bench.Two.Bus.IsAway = false;

        Assert.Equal(250, (await _bench.Two.SweepAsync()).Published);

        Assert.Equal(250, _bench.Told.Count());
        Assert.Empty(await _bench.Ledger.ReadDueAsync(Due.Publishing, DateTimeOffset.MaxValue, 10, TestContext.Current.CancellationToken));
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
