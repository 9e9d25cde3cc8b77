using Ungroup.Messages;
using Ungroup.Pace;
using Ungroup.Requests;
using Ungroup.Tests.Support;

namespace Ungroup.Tests.Pace;

public sealed class GovernorTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    // Some.Now is five seconds into a minute.
    private static readonly DateTimeOffset FirstTurn = Some.Now.AddSeconds(55);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_window_that_nobody_has_told_is_known_after_a_minute_and_used_up_in_each_one_with_a_single_refusal(bool hints)
    {
        var world = new PaceWorld(1) { Hints = hints };

        await world.RunAsync(5 * Minute);

        for (var minute = 1; minute < 4; minute++)
        {
            var from = FirstTurn + (minute * Minute);
            Assert.InRange(world.Served(from, Minute), 575, 600);
            Assert.InRange(world.Refused(from, Minute), 0, 2);
            Assert.Equal(0, world.Refused(from, TimeSpan.FromSeconds(58)));
        }
    }

    [Fact]
    public async Task The_reserve_is_left_alone_until_the_minute_is_almost_over_and_calls_come_evenly()
    {
        var world = new PaceWorld(1);

        await world.RunAsync(4 * Minute);

        var from = FirstTurn + (2 * Minute);
        Assert.InRange(world.Served(from, TimeSpan.FromSeconds(54.9)), 455, 482);
        for (var second = 0; second < 54; second++)
        {
            Assert.InRange(world.Served(from.AddSeconds(second), TimeSpan.FromSeconds(1)), 5, 12);
        }
    }

    [Fact]
    public void A_minute_in_which_the_quota_has_shrunk_measures_nothing()
    {
        var governor = AnsweredCalls.NewGovernor();
        governor.Hear(new(1, []), new(3_000, QuotaBasis.Measured, QuotaShape.Window, 1), null, Some.Now);
        governor.TryTake(Origin.Upstream, Some.Now, out _);
        governor.Pass(Some.Now, calls: 900);
        governor.RefuseOne(FirstTurn.AddSeconds(-30));

        governor.RefuseOne(FirstTurn.AddSeconds(-1));

        Assert.Equal(QuotaBasis.AtMost, governor.Look(FirstTurn.AddSeconds(1))!.Quota.Basis);
    }

    [Fact]
    public void Who_receives_by_room_may_have_a_message_back_early_and_others_when_it_is_their_turn()
    {
        var governor = AnsweredCalls.NewGovernor(new() { Reserve = 0, Quotas = { ["LeaveSecurityGroup"] = 60 } });
        governor.Hear(new(0, [new(1, Some.Now, Wants: true, Some.Now, 0, 0, TouchedBefore: false)]), null, null, Some.Now);

        Assert.Equal(Some.Now.AddSeconds(2), governor.Promise(Origin.Upstream, Some.Now, Some.Now));
        Assert.Equal(Some.Now.AddSeconds(4), governor.Promise(Origin.Upstream, Some.Now, Some.Now));

        governor.HoldsWithin(TimeSpan.FromSeconds(5), withIncidents: false, isOnly: true, Some.Now);
        Assert.Equal(Some.Now.AddSeconds(5), governor.Promise(Origin.Upstream, Some.Now, Some.Now));
    }

    [Fact]
    public void Of_a_tiny_quota_enough_comes_back_to_look_with_unless_somebody_said_that_it_is_tiny()
    {
        var measured = AnsweredCalls.NewGovernor(new() { Reserve = 0 });
        measured.Hear(FleetView.Alone, new(6, QuotaBasis.Measured, QuotaShape.Window, 1), null, Some.Now);
        var told = AnsweredCalls.NewGovernor(new() { Reserve = 0, Quotas = { ["LeaveSecurityGroup"] = 6 } });

        Assert.Equal(Some.Now.AddSeconds(11), measured.Promise(Origin.Upstream, Some.Now, Some.Now));
        Assert.Equal(Some.Now.AddSeconds(12), measured.Promise(Origin.Upstream, Some.Now, Some.Now));
        Assert.Equal(Some.Now.AddSeconds(10), told.Promise(Origin.Upstream, Some.Now, Some.Now));
    }

    [Fact]
    public async Task A_window_that_shrinks_costs_one_refusal_and_is_known_again_a_minute_later()
    {
        var world = new PaceWorld(1) { Quota = 1_200 };
        await world.RunAsync((3 * Minute) + TimeSpan.FromSeconds(20));
        world.Quota = 300;

        await world.RunAsync(5 * Minute);

        var learned = FirstTurn + (5 * Minute);
        Assert.InRange(world.Served(learned, Minute), 230, 300);
        Assert.InRange(world.Refused(learned, 2 * Minute), 0, 3);
    }

    [Fact]
    public async Task A_window_that_grows_is_known_after_two_more()
    {
        var world = new PaceWorld(1) { Quota = 600 };
        await world.RunAsync(3 * Minute);
        world.Quota = 1_800;

        await world.RunAsync(4 * Minute);

        Assert.InRange(world.Served(FirstTurn + (5 * Minute), Minute), 1_400, 1_800);
    }

    [Fact]
    public async Task A_quota_that_was_told_is_never_exceeded_and_never_looked_for()
    {
        var world = new PaceWorld(1, new() { Quotas = { ["LeaveSecurityGroup"] = 300 } }) { Quota = 6_000 };

        await world.RunAsync(3 * Minute);

        Assert.InRange(world.Served(FirstTurn, Minute), 230, 241);
        Assert.Equal(0, world.Refused(Some.Now, 3 * Minute));
    }

    [Fact]
    public async Task A_quota_that_was_told_too_high_is_corrected_downwards()
    {
        var world = new PaceWorld(1, new() { Quotas = { ["LeaveSecurityGroup"] = 3_000 } }) { Quota = 300 };

        await world.RunAsync(5 * Minute);

        Assert.InRange(world.Served(FirstTurn + (3 * Minute), Minute), 230, 300);
        Assert.InRange(world.Refused(FirstTurn + (3 * Minute), Minute), 0, 2);
    }

    [Fact]
    public async Task Incidents_use_the_reserve_at_once()
    {
        var world = new PaceWorld(1);
        await world.RunAsync(2 * Minute);
        world.Origin = Origin.Incident;
        var from = world.Now;

        await world.RunAsync(TimeSpan.FromSeconds(1));

        Assert.InRange(world.Served(from, TimeSpan.FromSeconds(1)), 90, 130);
    }

    [Fact]
    public void Clean_ups_yield_while_others_wait()
    {
        var governor = Learned();
        TakeAll(governor, Origin.Upstream, Some.Now);

        Assert.False(governor.TryTake(Origin.Cleanup, Some.Now.AddSeconds(1), out var wait));
        Assert.Equal(Some.Now.AddSeconds(5), wait);
        Assert.True(governor.TryTake(Origin.Cleanup, Some.Now.AddSeconds(6), out _));
    }

    [Fact]
    public void There_is_room_for_what_can_be_called_within_the_hold_and_none_while_nothing_can()
    {
        var governor = Learned();
        TakeAll(governor, Origin.Upstream, FirstTurn);

        Assert.InRange(governor.Room(Origin.Upstream, TimeSpan.FromSeconds(5), FirstTurn), 39, 41);
        Assert.InRange(governor.Room(Origin.Incident, TimeSpan.FromSeconds(5), FirstTurn), 159, 161);

        governor.Refused(FirstTurn.AddSeconds(0.1), TimeSpan.FromSeconds(30), FirstTurn.AddSeconds(0.2));
        Assert.Equal(0, governor.Room(Origin.Upstream, TimeSpan.FromSeconds(5), FirstTurn.AddSeconds(1)));
    }

    [Fact]
    public void A_refusal_below_what_is_known_is_somebody_elses_doing()
    {
        var governor = Learned();
        Assert.True(governor.TryTake(Origin.Upstream, Some.Now, out _));

        var refusal = governor.Refused(Some.Now.AddSeconds(0.1), null, Some.Now.AddSeconds(0.2));

        Assert.True(refusal.ByOthers);
        Assert.True(refusal.IsUnexpected);
        Assert.Equal(1, governor.RefusedByOthers);
    }

    [Fact]
    public void Calls_refused_together_are_one_refusal()
    {
        var governor = Learned();
        governor.TryTake(Origin.Upstream, Some.Now, out _);
        governor.TryTake(Origin.Upstream, Some.Now, out _);
        governor.Refused(Some.Now.AddSeconds(0.1), null, Some.Now.AddSeconds(0.2));

        Assert.False(governor.Refused(Some.Now.AddSeconds(0.15), null, Some.Now.AddSeconds(0.21)).IsUnexpected);
        Assert.Equal(1, governor.RefusedByOthers);
    }

    [Fact]
    public void A_hint_is_waited_for_whatever_is_known()
    {
        var governor = Learned();
        governor.TryTake(Origin.Upstream, Some.Now, out _);

        Assert.Equal(Some.Now.AddMinutes(5), governor.Refused(Some.Now, TimeSpan.FromMinutes(5), Some.Now).Until);
    }

    [Fact]
    public void Once_a_hint_has_told_when_the_minute_turns_it_is_not_looked_for_any_more()
    {
        var governor = AnsweredCalls.NewGovernor();
        governor.TryTake(Origin.Upstream, Some.Now, out _);
        governor.RefuseOne(FirstTurn.AddSeconds(-1));
        governor.RefuseOne(FirstTurn.AddSeconds(0.1));
        governor.Refused(FirstTurn.AddSeconds(3), TimeSpan.FromSeconds(20), FirstTurn.AddSeconds(3));

        governor.Pass(FirstTurn.AddSeconds(23.5), calls: 1);

        Assert.Equal(FirstTurn.AddSeconds(23), governor.Report(FirstTurn.AddSeconds(24))!.MinuteStart);
    }

    [Theory]
    [InlineData(Origin.Upstream)]
    [InlineData(Origin.Cleanup)]
    public void A_clock_that_is_set_back_begins_anew_and_waits_for_nothing_that_was_to_come_by_the_old_one(Origin origin)
    {
        var governor = Learned();
        TakeAll(governor, Origin.Upstream, FirstTurn.AddHours(1));
        governor.RefuseOne(FirstTurn.AddHours(1));

        TakeAll(governor, origin, FirstTurn);
        Assert.True(governor.TryTake(origin, FirstTurn.AddSeconds(1), out _));
        Assert.InRange(governor.Room(origin, TimeSpan.FromSeconds(5), FirstTurn.AddSeconds(1)), 5, 60);
    }

    private static Governor Learned() => AnsweredCalls.NewGovernor(new() { Quotas = { ["LeaveSecurityGroup"] = 600 } });

    private static void TakeAll(Governor governor, Origin origin, DateTimeOffset now)
    {
        while (governor.TryTake(origin, now, out _))
        {
        }
    }
}
