using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Ungroup.Ecs;
using Ungroup.Messages;
using Ungroup.Pace;
using Ungroup.Requests;
using Ungroup.Tests.Support;

namespace Ungroup.Tests.Pace;

public sealed class ReceiveRoomTests
{
    private const int Concurrency = 16;

    private static readonly QuotaKey Leave = new("default", "cn-hangzhou", "LeaveSecurityGroup");
    private static readonly TimeSpan Lock = TimeSpan.FromSeconds(30);

    private readonly FakeTimeProvider _clock = new(Some.Now);
    private readonly PaceOptions _pace = new();
    private readonly EcsOptions _ecs = new();
    private Func<double> _chance = () => 0.5;

    public ReceiveRoomTests() => Governors = new(Options.Create(_pace), () => _chance());

    private Governors Governors { get; }

    private ReceiveRoom Room => field ??= new(Governors, Options.Create(_ecs), _clock);

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
        var governor = Governors[Leave];
        governor.Hear(new(0, [new(1, Now, Wants: true, Now, 0, 0, TouchedBefore: false)]), null, null, Now);
        Use(Leave);
        var queue = Queue();

        _ = queue.MayHold;
        var alone = governor.Promise(Origin.Upstream, Now, Now) - Now;
        Use(new("another account", "cn-hangzhou", "LeaveSecurityGroup"));
        _clock.Advance(TimeSpan.FromMinutes(1));
        Use(Leave);
        _ = queue.MayHold;

        Assert.Equal(2 * alone, governor.Promise(Origin.Upstream, Now, Now) - Now);
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
        Assert.False(Governors[Leave].TryTake(Origin.Upstream, Now, out var turn));
        Assert.InRange(turn, Now, Now + _ecs.LongestWaitInPlace);
    }

    [Fact]
    public void Who_seldom_looks_finds_room_all_the_same()
    {
        Tell(perMinute: 2);
        Use(Leave);

        _clock.Advance(TimeSpan.FromSeconds(50));

        Assert.Equal(1, Queue().MayHold);
    }

    [Fact]
    public void A_turn_that_is_minutes_away_is_waited_for_and_the_quota_not_forgotten_meanwhile()
    {
        _chance = new Random(1).NextDouble;
        Tell(perMinute: 2);
        Use(Leave);
        Share(Leave, others: 7);
        var queue = Queue();
        var received = 0;

        for (var second = 0; second < 30 * 60; second++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            Assert.InRange(queue.MayHold, 0, 1);
            if (queue.MayHold == 1 && Governors[Leave].TryTake(Origin.Upstream, Now, out _))
            {
                received++;
                Governors[Leave].Passed(Now, isAnswered: true, Now);
            }
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
    public void A_message_whose_call_is_under_way_needs_no_further_turn()
    {
        Tell(perMinute: 60);
        Use(Leave);
        var before = Queue().MayHold;

        Assert.True(Governors[Leave].TryTake(Origin.Incident, Now, out _));

        Assert.Equal(before + 1, Queue().MayHold);
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
        Use(Leave);
        Assert.Equal(0, Queue().MayHold);

        Assert.InRange(SecondsUntil(() => Queue().MayHold > 0), 0.5, 1.5);

        Assert.Equal(1, Queue().MayHold);
    }

    [Fact]
    public void A_gate_that_opens_later_than_a_message_may_wait_lets_none_be_received()
    {
        Use(Leave);
        Refuse(Leave, _ecs.LongestWaitInPlace);
        Governors[Leave].OpensAt(Now + _ecs.LongestWaitInPlace + TimeSpan.FromSeconds(0.1));

        Assert.Equal(0, Queue().MayHold);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.NotEqual(0, Queue().MayHold);
    }

    private QueueRoom Queue()
    {
        var queue = Room.ForQueue(Concurrency, forIncidents: false);
        queue.Came(Lock);
        return queue;
    }

    private void Tell(int perMinute) => _pace.Quotas["LeaveSecurityGroup"] = perMinute;

    /// <summary>Waits for a turn, and calls.</summary>
    private void Use(QuotaKey quota)
    {
        for (var tries = 0; !Governors[quota].TryTake(Origin.Upstream, Now, out _); tries++)
        {
            Assert.True(tries < 600, "There has been no turn for a minute.");
            _clock.Advance(TimeSpan.FromSeconds(0.1));
        }

        Governors[quota].Passed(Now, isAnswered: true, Now);
    }

    /// <summary>Other instances have work for it as well.</summary>
    private void Share(QuotaKey quota, int others) => Governors[quota].Hear(
        new(0, [.. Enumerable.Range(1, others).Select(slot => new FleetMember(slot, Now, Wants: true, Now, 0, 0, TouchedBefore: false))]), null, null, Now);

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
        Assert.True(Governors[quota].TryTake(Origin.Upstream, Now, out _));
        Governors[quota].Refused(Now, hint, Now);
    }
}
