using Ungroup.Ecs;
using Ungroup.Ecs.Changes;
using Ungroup.Messages;

namespace Ungroup.Tests.Ecs.Changes;

public sealed class RemovalWaitsTests
{
    private readonly EcsBench _bench = new();

    [Fact]
    public void A_conflict_is_tried_three_times_and_then_postponed()
    {
        _bench.Ecs.OnLeave(Replies.Error(409, "InvalidOperation.Conflict"));

        var wait = _bench.Wait();

        Assert.Equal(3, wait.Calls.Attempts);
        Assert.Equal("InvalidOperation.Conflict", wait.Code);
        Assert.False(wait.MayHaveLeft);
        Assert.Equal(TimeSpan.FromSeconds(13.5), wait.Until - _bench.Ecs.Calls[^1].At);
    }

    [Fact]
    public void Tries_are_spread_between_the_shortest_and_a_growing_longest_backoff()
    {
        _bench.Ecs.OnLeave(Replies.Error(409, "InvalidOperation.Conflict"));

        _bench.Wait();

        Assert.Equal([TimeSpan.FromSeconds(1.25), TimeSpan.FromSeconds(4.25)], Gaps());
    }

    [Theory]
    [InlineData(0, 13.5)]
    [InlineData(1, 27)]
    [InlineData(3, 108)]
    [InlineData(20, 810)]
    [InlineData(5000, 810)]
    public void Postponements_double_up_to_a_quarter_of_an_hour(int postponements, double seconds)
    {
        _bench.Ecs.OnLeave(Replies.Error(409, "InvalidOperation.Conflict"));

        var wait = _bench.Wait(progress: Removals.Progress with { Postponements = postponements });

        Assert.Equal(TimeSpan.FromSeconds(seconds), wait.Until - _bench.Ecs.Calls[^1].At);
    }

    [Theory]
    [InlineData("IncorrectInstanceStatus", 0, 4.5)]
    [InlineData("InvalidOperation.InvalidEniState", 2, 18)]
    [InlineData("IncorrectInstanceStatus", 9, 54)]
    public void A_resource_in_transit_is_asked_again_later_without_quick_tries(string code, int postponements, double seconds)
    {
        _bench.Ecs.OnLeave(Replies.Error(403, code));

        var wait = _bench.Wait(progress: Removals.Progress with { Postponements = postponements });

        Assert.Equal(1, wait.Calls.Attempts);
        Assert.Equal(TimeSpan.FromSeconds(seconds), wait.Until - _bench.Now);
    }

    [Fact]
    public void A_connection_that_was_refused_carried_nothing()
    {
        _bench.Ecs.OnLeave(Replies.Broken(new HttpRequestException(
            HttpRequestError.ConnectionError, "refused", new System.Net.Sockets.SocketException((int)System.Net.Sockets.SocketError.ConnectionRefused))));

        var wait = _bench.Wait();

        Assert.Equal(NoReply.Refused, wait.Code);
        Assert.False(wait.MayHaveLeft);
        Assert.Equal(3, _bench.Ecs.Calls.Count);
        Assert.Equal(default, wait.Calls);
    }

    [Fact]
    public void A_lost_reply_that_stays_unresolved_is_carried_along()
    {
        _bench.Ecs.OnLeave(Replies.Reset);
        _bench.Ecs.OnRead(Replies.Instance(Removals.Base, Removals.Group));

        var wait = _bench.Wait();

        Assert.True(wait.MayHaveLeft);
        Assert.Equal(NoReply.Reset, wait.Code);
        Assert.Equal(new CallCount(3, 9), wait.Calls);
    }

    [Fact]
    public void Throttled_calls_are_retried_after_the_wait_ECS_asked_for()
    {
        _bench.Ecs.OnLeave(Replies.Error(400, "Throttling.User").With("x-acs-retry-after", "400"), Replies.Ok);

        var outcome = _bench.End();

        Assert.Equal(OutcomeStatus.Removed, outcome.Status);
        Assert.InRange(Gaps().Single(), TimeSpan.FromMilliseconds(400), TimeSpan.FromMilliseconds(700));
    }

    [Fact]
    public void Waits_in_place_are_limited_all_together()
    {
        _bench.Ecs.OnLeave(Replies.Error(400, "Throttling.User").With("x-acs-retry-after", "3000"));

        var wait = _bench.Wait();

        Assert.Equal(2, wait.Calls.Attempts);
        Assert.True(wait.Until >= _bench.Now + TimeSpan.FromSeconds(3));
    }

    [Fact]
    public void A_long_wait_is_not_spent_here_and_holds_everyone_else_too()
    {
        _bench.Ecs.OnLeave(Replies.Error(400, "Throttling.User").With("x-acs-retry-after", "42000"));

        var first = _bench.Wait();
        var second = _bench.Wait();

        Assert.InRange(first.Until - Removals.Start, TimeSpan.FromSeconds(42), TimeSpan.FromSeconds(45));
        Assert.InRange(second.Until - Removals.Start, TimeSpan.FromSeconds(42), TimeSpan.FromSeconds(45));
        Assert.Equal(default, second.Calls);
        Assert.Contains("default/cn-beijing/LeaveSecurityGroup is closed until", second.Why, StringComparison.Ordinal);
        Assert.Single(_bench.Ecs.Calls);
    }

    [Fact]
    public void Without_a_hint_the_quota_is_ours_again_when_the_minute_turns()
    {
        _bench.Ecs.OnLeave(Replies.Error(400, "Throttling"));

        _bench.Wait();

        var closed = Assert.Single(_bench.Quotas.Snapshot());
        Assert.Equal("default/cn-beijing/LeaveSecurityGroup", closed.Name);
        Assert.Equal(new DateTimeOffset(2026, 1, 2, 3, 5, 0, 125, TimeSpan.Zero), closed.Until);
    }

    [Fact]
    public void Another_region_is_not_throttled()
    {
        _bench.Ecs.OnLeave(Replies.Error(400, "Throttling"), Replies.Error(400, "Throttling"), Replies.Error(400, "Throttling"), Replies.Ok);
        _bench.Wait();

        Assert.Equal(OutcomeStatus.Removed, _bench.End(Removals.Request with { RegionId = "cn-shanghai" }).Status);
    }

    [Fact]
    public void A_throttled_read_back_is_waited_for_too()
    {
        _bench.Ecs.OnLeave(Replies.Error(504, "RequestTimeout"));
        _bench.Ecs.OnRead(Replies.Error(400, "Throttling.User").With("x-acs-retry-after", "30000"));

        var wait = _bench.Wait();

        Assert.True(wait.MayHaveLeft);
        Assert.Equal(new CallCount(1, 2), wait.Calls);
        Assert.InRange(wait.Until - Removals.Start, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(33));
    }

    [Fact]
    public void A_no_with_more_patience_than_a_delivery_has_is_postponed_as_asked()
    {
        _bench.Ecs.OnLeave(Replies.Error(409, "InvalidOperation.Conflict").With("x-acs-retry-after", "60000"));

        var wait = _bench.Wait();

        Assert.Equal(1, wait.Calls.Attempts);
        Assert.Equal(TimeSpan.FromSeconds(60), wait.Until - _bench.Now);
    }

    [Fact]
    public async Task A_pause_that_takes_too_long_is_cut_short_and_the_message_postponed()
    {
        _bench.Options.LongestRun = TimeSpan.FromSeconds(30);
        _bench.Ecs.OnLeave(Replies.Error(409, "InvalidOperation.Conflict").After(TimeSpan.FromSeconds(29.5), _bench.Clock));

        var run = _bench.RunFor(TimeSpan.FromSeconds(29.5), TimeSpan.FromSeconds(0.5));

        // A cancelled wait ends on another thread, so the clock stands still until it has.
        var wait = Assert.IsType<RemovalVerdict.Wait>(await run.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        Assert.Contains("Ecs:LongestRun", wait.Why, StringComparison.Ordinal);
        Assert.Equal(1, wait.Calls.Attempts);
    }

    [Fact]
    public void A_call_that_takes_too_long_is_seen_through_and_not_repeated()
    {
        _bench.Options.LongestRun = TimeSpan.FromSeconds(30);
        _bench.Ecs.OnLeave(Replies.Error(409, "InvalidOperation.Conflict").After(TimeSpan.FromSeconds(40), _bench.Clock));

        var wait = _bench.Wait();

        Assert.Equal("InvalidOperation.Conflict", wait.Code);
        Assert.Equal(1, wait.Calls.Attempts);
    }

    private TimeSpan[] Gaps() => [.. _bench.Ecs.Leaves.Zip(_bench.Ecs.Leaves.Skip(1), (one, next) => next.At - one.At)];
}
