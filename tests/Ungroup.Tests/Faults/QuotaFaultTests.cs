using Ungroup.Messages;
using Ungroup.Tests.Ecs;
using Ungroup.Tests.Support;

namespace Ungroup.Tests.Faults;

public sealed class QuotaFaultTests : IAsyncDisposable
{
    private readonly FaultBench _bench = new(("Pace:Quotas:LeaveSecurityGroup", "600"));

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Theory]
    [InlineData("Throttling")]
    [InlineData("Throttling.User")]
    [InlineData("Rejected.Throttling")]
    public async Task Fault_15_A_throttled_API_rests_but_for_one_call_every_two_seconds_until_its_window_ends(string code)
    {
        // It is 03:04:05, and nobody has said yet when this quota comes back.
        var comesBack = Some.Now.AddSeconds(35);
        List<DateTimeOffset> sent = [];
        _bench.One.Ecs.OnLeave(token =>
        {
            sent.Add(_bench.Clock.GetUtcNow());
            return _bench.Clock.GetUtcNow() < comesBack ? Replies.Error(400, code)(token) : Replies.Ok(token);
        });

        foreach (var request in new[] { "r-1", "r-2" })
        {
            Settlement settlement;
            while ((settlement = await _bench.One.HandleAsync(Body(request), $"m-{request}")) is Settlement.Postpone postpone)
            {
                _bench.Clock.SetUtcNow(postpone.Until);
            }

            Assert.Equal(("Removed", null), FaultBench.EndOf(settlement));
        }

        var refused = sent.Where(at => at < comesBack).ToList();
        Assert.InRange(refused.Count, 5, 18);
        Assert.All(refused.Zip(refused.Skip(1)), pair => Assert.True(pair.Second - pair.First >= TimeSpan.FromSeconds(2)));
        Assert.InRange(sent.First(at => at >= comesBack), comesBack, comesBack.AddSeconds(8));
    }

    [Fact]
    public async Task Fault_15_What_one_worker_was_refused_the_others_do_not_ask_for()
    {
        _bench.Two.Ecs.OnLeave(Replies.Ok);
        Assert.IsType<Settlement.Complete>(await _bench.Two.HandleAsync(Body("r-2"), "m-2"));
        _bench.One.Ecs.OnLeave(Replies.Error(400, "Throttling.User").With("x-acs-retry-after", "42000"));
        Assert.IsType<Settlement.Postpone>(await _bench.One.HandleAsync());
        for (var second = 0; second < 10; second++)
        {
            await _bench.One.Membership.RunDueAsync(TestContext.Current.CancellationToken);
            await _bench.Two.Membership.RunDueAsync(TestContext.Current.CancellationToken);
            _bench.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.IsType<Settlement.Postpone>(await _bench.Two.HandleAsync(Body("r-3"), "m-3"));

        Assert.Single(_bench.Two.Ecs.Calls);
    }

    [Fact]
    public async Task Fault_16_Refused_after_fewer_calls_than_are_known_is_counted_as_a_quota_used_by_others()
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

    private long RefusedByOthers => _bench.One.Quotas.All.Sum(limiter => limiter.Look().Counts.ByOthers);

    private static string Body(string requestId) => Some.Body.Replace("r-1", requestId, StringComparison.Ordinal);
}
