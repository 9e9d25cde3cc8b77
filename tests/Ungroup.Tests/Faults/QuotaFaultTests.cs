using Ungroup.Messages;
using Ungroup.Tests.Ecs;
using Ungroup.Tests.Support;

namespace Ungroup.Tests.Faults;

public sealed class QuotaFaultTests : IAsyncDisposable
{
    private readonly FaultBench _bench = new();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Theory]
    [InlineData("Throttling")]
    [InlineData("Throttling.User")]
    [InlineData("Rejected.Throttling")]
    public async Task Fault_15_A_throttled_API_rests_until_the_minute_turns_and_one_probe_finds_out(string code)
    {
        // Before it is known that this quota comes back by the minute, two calls look whether it comes back sooner.
        _bench.One.Ecs.OnLeave(
            Replies.Error(400, code), Replies.Error(400, code), Replies.Error(400, code), Replies.Ok.After(TimeSpan.FromSeconds(1), _bench.Clock), Replies.Ok);
        var first = Assert.IsType<Settlement.Postpone>(await _bench.One.HandleAsync(Body("r-1"), "m-1"));
        var second = Assert.IsType<Settlement.Postpone>(await _bench.One.HandleAsync(Body("r-2"), "m-2"));

        // It is 03:04:05; the minute turns at 03:05, and they come back one after the other.
        Assert.All([first, second], postpone => Assert.InRange(postpone.Until, Some.Now.AddSeconds(55), Some.Now.AddSeconds(59)));
        Assert.Equal((3, 0), (first.Calls.EcsCalls, second.Calls.EcsCalls));
        _bench.Clock.SetUtcNow(Some.Now.AddSeconds(60));

        var probe = _bench.One.BeginAlone(Some.Delivery(Body("r-1"), "m-1"));
        await HandlerBench.UntilAsync(() => _bench.Leaves == 4);
        var waiting = _bench.One.BeginAlone(Some.Delivery(Body("r-2"), "m-2"));
        Assert.Equal(4, _bench.Leaves);

        Assert.Equal(("Removed", null), FaultBench.EndOf(await _bench.One.RunAsync(probe)));
        Assert.Equal(("Removed", null), FaultBench.EndOf(await _bench.One.RunAsync(waiting)));
    }

    [Fact]
    public async Task Fault_15_What_one_worker_was_refused_the_others_do_not_ask_for()
    {
        _bench.One.Ecs.OnLeave(Replies.Error(400, "Throttling.User"));
        Assert.IsType<Settlement.Postpone>(await _bench.One.HandleAsync());
        await _bench.One.SweepAsync();
        await _bench.Two.SweepAsync();

        Assert.IsType<Settlement.Postpone>(await _bench.Two.HandleAsync(Body("r-2"), "m-2"));

        Assert.Empty(_bench.Two.Ecs.Calls);
    }

    [Fact]
    public async Task Fault_16_Refused_after_fewer_calls_than_before_is_counted_as_a_quota_used_by_others()
    {
        _bench.One.Ecs.OnLeave(Replies.Ok);
        for (var request = 0; request < 5; request++)
        {
            await _bench.One.HandleAsync(Body($"r-{request}"), $"m-{request}");
        }

        Assert.Equal(0, RefusedByOthers);
        _bench.Clock.Advance(TimeSpan.FromMinutes(1));
        _bench.One.Ecs.OnLeave(Replies.Error(400, "Throttling.User"));

        await _bench.One.HandleAsync(Body("r-9"), "m-9");

        Assert.Equal(1, RefusedByOthers);
        Assert.Equal("default/cn-hangzhou/LeaveSecurityGroup", Assert.Single(_bench.One.Quotas.Snapshot()).Name);
    }

    [Fact]
    public async Task Fault_16_The_outcome_of_a_request_that_met_others_says_so_also_after_a_postponement()
    {
        _bench.One.Ecs.OnLeave(Replies.Ok);
        for (var request = 0; request < 5; request++)
        {
            var settlement = await _bench.One.HandleAsync(Body($"r-{request}"), $"m-{request}");
            Assert.Null(FaultBench.DataOf(settlement)["quotaUsedByOthers"]);
        }

        _bench.Clock.Advance(TimeSpan.FromMinutes(1));
        _bench.One.Ecs.OnLeave(Replies.Error(400, "Throttling.User").With("x-acs-retry-after", "30000"), Replies.Ok);
        var postpone = Assert.IsType<Settlement.Postpone>(await _bench.One.HandleAsync(Body("r-9"), "m-9"));
        Assert.True((await _bench.RecordAsync("r-9")).MetOthers);
        _bench.Clock.SetUtcNow(postpone.Until);

        var told = await _bench.One.HandleAsync(Body("r-9"), "m-9");

        Assert.Equal(("Removed", null), FaultBench.EndOf(told));
        Assert.True(FaultBench.DataOf(told)["quotaUsedByOthers"]!.GetValue<bool>());
    }

    private long RefusedByOthers => _bench.One.Governors.All.Sum(governor => governor.RefusedByOthers);

    private static string Body(string requestId) => Some.Body.Replace("r-1", requestId, StringComparison.Ordinal);
}
