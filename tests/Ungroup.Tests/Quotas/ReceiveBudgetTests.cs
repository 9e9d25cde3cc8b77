using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Ungroup.Ecs;
using Ungroup.Messages;
using Ungroup.Quotas;
using Ungroup.Quotas.Windows;
using Ungroup.Tests.Support;

namespace Ungroup.Tests.Quotas;

public sealed class ReceiveBudgetTests
{
    private const int Concurrency = 16;

    private static readonly QuotaKey Leave = new("default", "cn-hangzhou", "LeaveSecurityGroup");
    private static readonly TimeSpan Lock = TimeSpan.FromSeconds(30);

    private readonly FakeTimeProvider _clock = new(Some.Now);
    private readonly PaceOptions _pace = new();
    private readonly EcsOptions _ecs = new();

    private QuotaLimiters Limiters => field ??= SomeLimiters.New(_clock, _pace);

    private ReceiveBudget Room => field ??= new(Limiters, Options.Create(_ecs));

    private DateTimeOffset Now => _clock.GetUtcNow();

    [Fact]
    public void Where_nothing_was_called_nothing_is_withheld() => Assert.Equal(Concurrency, Queue().MayHold);

    [Fact]
    public void An_incident_is_received_however_many_wait_in_hand_elsewhere()
    {
        Tell(perMinute: 600);
        Use(Leave);
        var rest = Room.ForQueue(atMost: 500, forIncidents: false);
        for (var held = 0; held < 400; held++)
        {
            rest.Began();
        }

        Assert.Equal(Concurrency, Room.ForQueue(Concurrency, forIncidents: true).MayHold);
    }

    [Fact]
    public void What_is_put_off_comes_back_at_the_speed_of_the_fleet_only_where_the_room_is_that_of_its_quota_alone()
    {
        Tell(perMinute: 60);
        var limiter = Limiters[Leave];
        limiter.Hear([SomeLimiters.Member("two")], QuotaEstimate.Nothing);
        Use(Leave);
        var queue = Queue();

        _ = queue.MayHold;
        var alone = limiter.Promise(Origin.Upstream, Now) - Now;
        Use(new("another account", "cn-hangzhou", "LeaveSecurityGroup"));
        _clock.Advance(TimeSpan.FromMinutes(1));
        Use(Leave);
        _ = queue.MayHold;

        Assert.Equal(2 * alone, limiter.Promise(Origin.Upstream, Now) - Now);
    }

    [Fact]
    public void As_many_are_held_as_there_are_turns_for_while_they_may_wait()
    {
        Tell(perMinute: 60);
        Use(Leave);

        // 48 a minute are ours, four in five seconds, or six while a late start is made up for; and what is left of the turns that were there at first.
        Assert.InRange(Queue().MayHold, 4, 8);
    }

    [Fact]
    public void A_quarter_of_a_short_lock_is_all_that_a_message_may_wait()
    {
        Tell(perMinute: 150);
        Use(Leave);
        var queue = Queue();
        var usual = queue.MayHold;

        queue.Came(TimeSpan.FromSeconds(4));

        Assert.InRange(usual, 10, 18);
        Assert.InRange(queue.MayHold, 2, 5);
    }

    [Fact]
    public void A_message_of_a_slow_quota_is_received_shortly_before_its_turn_and_not_sooner()
    {
        Tell(perMinute: 2);
        Use(Leave);
        var queue = Queue();
        Assert.Equal(0, queue.MayHold);

        var seconds = SecondsUntil(() => queue.MayHold > 0);

        Assert.Equal(1, queue.MayHold);
        Assert.InRange(seconds, 10, 40);
        Assert.Null(Limiters.TryTake(new(Leave.Account, Leave.RegionId, Leave.Action), out var wait));
        Assert.InRange(wait!.Until, Now, Now + _ecs.LongestWaitInPlace);
    }

    [Fact]
    public void Who_seldom_looks_finds_room_all_the_same()
    {
        Tell(perMinute: 2);
        Use(Leave);

        _clock.Advance(TimeSpan.FromSeconds(60));

        Assert.Equal(1, Queue().MayHold);
    }

    [Fact]
    public void A_turn_that_is_minutes_away_is_waited_for_and_the_quota_not_forgotten_meanwhile()
    {
        Tell(perMinute: 2);
        Use(Leave);
        Share(Leave, others: 7);
        var queue = Queue();
        var received = 0;

        for (var second = 0; second < 30 * 60; second++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            Assert.InRange(queue.MayHold, 0, 1);
            received += queue.MayHold == 1 && Limiters.TryCall(Leave) ? 1 : 0;
        }

        // An eighth of 1.6 a minute, for half an hour.
        Assert.InRange(received, 3, 9);
    }

    [Fact]
    public void Nothing_is_held_while_the_quota_is_closed_for_longer_than_a_message_may_wait()
    {
        Use(Leave);
        Refuse(Leave, TimeSpan.FromSeconds(40));
        var queue = Queue();

        Assert.Equal(0, queue.MayHold);
        _clock.Advance(TimeSpan.FromSeconds(34));
        Assert.Equal(0, queue.MayHold);
        _clock.Advance(TimeSpan.FromSeconds(3));
        Assert.NotEqual(0, queue.MayHold);
    }

    [Fact]
    public void What_other_queues_hold_has_the_same_turns()
    {
        Tell(perMinute: 60);
        Use(Leave);
        var (one, two) = (Queue(), Queue());
        var alone = two.MayHold;

        one.Began();
        one.Began();

        Assert.Equal(alone, one.MayHold);
        Assert.Equal(alone - 2, two.MayHold);
        one.Ended();
        Assert.Equal(alone - 1, two.MayHold);
    }

    [Fact]
    public void A_message_whose_call_is_under_way_needs_no_further_permit()
    {
        Tell(perMinute: 60);
        Use(Leave);
        var before = Queue().MayHold;

        Assert.NotNull(Limiters.TryTake(new(Leave.Account, Leave.RegionId, Leave.Action, Origin.Incident), out _));

        Assert.Equal(before, Queue().MayHold);
    }

    [Fact]
    public void A_queue_of_incidents_has_the_reserve_too()
    {
        Tell(perMinute: 60);
        Use(Leave);
        var queue = Queue();
        var ordinary = queue.MayHold;

        queue.Handled(Origin.Incident);
        Assert.InRange(queue.MayHold, ordinary + 5, Concurrency);

        queue.Handled(null);
        Assert.InRange(queue.MayHold, ordinary + 5, Concurrency);

        queue.Handled(Origin.Cleanup);
        Assert.Equal(ordinary, queue.MayHold);
    }

    [Fact]
    public void Incidents_are_expected_where_their_queue_says_so()
    {
        Tell(perMinute: 60);
        Use(Leave);

        Assert.True(Room.ForQueue(Concurrency, forIncidents: true).MayHold > Queue().MayHold);
    }

    [Fact]
    public void Two_quotas_have_room_for_the_messages_of_both()
    {
        Tell(perMinute: 60);
        Use(Leave);
        var one = Queue().MayHold;

        Use(Leave with { Account = "other" });

        Assert.InRange(Queue().MayHold, (2 * one) - 1, (2 * one) + 1);
    }

    [Fact]
    public void A_read_that_is_refused_withholds_nothing_and_one_that_is_not_gives_nothing()
    {
        var read = Leave with { Action = "DescribeInstances" };
        Use(read);
        Refuse(read, TimeSpan.FromSeconds(40));
        Assert.Equal(Concurrency, Queue().MayHold);

        Use(read with { RegionId = "cn-beijing" });
        Use(Leave);
        Refuse(Leave, TimeSpan.FromSeconds(40));
        Assert.Equal(0, Queue().MayHold);
    }

    [Fact]
    public void What_was_used_long_ago_says_nothing_of_now()
    {
        Tell(perMinute: 60);
        Use(Leave);
        _clock.Advance(TimeSpan.FromMinutes(3));

        Assert.Equal(Concurrency, Queue().MayHold);
    }

    [Fact]
    public void A_delivery_that_may_not_wait_at_all_is_received_all_the_same()
    {
        _ecs.LongestWaitInPlace = TimeSpan.Zero;
        Tell(perMinute: 60);
        while (Limiters.TryCall(Leave) || Queue().MayHold > 0)
        {
            _clock.Advance(TimeSpan.FromSeconds(0.1));
        }

        Assert.Equal(0, Queue().MayHold);

        Assert.InRange(SecondsUntil(() => Queue().MayHold > 0), 0.2, 1.5);

        Assert.Equal(1, Queue().MayHold);
    }

    private QueueBudget Queue()
    {
        var queue = Room.ForQueue(Concurrency, forIncidents: false);
        queue.Came(Lock);
        return queue;
    }

    private void Tell(int perMinute) => _pace.Quotas["LeaveSecurityGroup"] = perMinute;

    /// <summary>Waits for a permit, and calls.</summary>
    private void Use(QuotaKey quota)
    {
        for (var tries = 0; !Limiters.TryCall(quota); tries++)
        {
            Assert.True(tries < 600, "There has been no permit for a minute.");
            _clock.Advance(TimeSpan.FromSeconds(0.1));
        }
    }

    /// <summary>Other instances have work for it as well.</summary>
    private void Share(QuotaKey quota, int others) =>
        Limiters[quota].Hear([.. Enumerable.Range(1, others).Select(other => SomeLimiters.Member($"other-{other}"))], QuotaEstimate.Nothing);

    private double SecondsUntil(Func<bool> isSo)
    {
        var from = Now;
        while (!isSo())
        {
            Assert.True(Now - from < TimeSpan.FromMinutes(2), "It has not come to that in two minutes.");
            _clock.Advance(TimeSpan.FromSeconds(0.2));
        }

        return (Now - from).TotalSeconds;
    }

    private void Refuse(QuotaKey quota, TimeSpan hint)
    {
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.NotNull(Limiters.Refuse(quota, hint));
    }
}
