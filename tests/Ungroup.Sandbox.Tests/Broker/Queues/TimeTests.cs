using Ungroup.Sandbox.Broker.Queues;
using static Ungroup.Sandbox.Tests.Broker.Queues.TestQueue;

namespace Ungroup.Sandbox.Tests.Broker.Queues;

public sealed class TimeTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public void A_lock_that_runs_out_frees_the_message_and_counts()
    {
        var queue = new TestQueue();
        queue.Send("a");
        var late = queue.Take();

        queue.Pass(LockDuration);

        Assert.False(queue.Settle(late, new Settlement.Complete()));
        Assert.Equal(1, queue.Take()!.Message.FailedDeliveries);
    }

    [Fact]
    public void A_lock_holds_until_its_last_moment()
    {
        var queue = new TestQueue();
        queue.Send("a");
        var taken = queue.Take();

        queue.Pass(LockDuration - TimeSpan.FromTicks(1));

        Assert.True(queue.Settle(taken, new Settlement.Complete()));
    }

    [Fact]
    public void A_renewed_lock_lasts_from_its_renewal()
    {
        var queue = new TestQueue();
        queue.Send("a");
        queue.Send("b");
        var renewed = queue.Take()!;
        queue.Take();

        queue.Pass(LockDuration / 2);
        var until = queue.State.Renew(SubQueueName.Main, [renewed.Lock!.Token], queue.Now);
        queue.Pass(LockDuration / 2);

        Assert.Equal(queue.Now + (LockDuration / 2), Assert.Single(until!));
        Assert.Equal("b", Text(queue.Take()));
        Assert.True(queue.Settle(renewed, new Settlement.Complete()));
    }

    [Fact]
    public void A_lost_lock_is_not_renewed()
    {
        var queue = new TestQueue();
        queue.Send("a");
        var taken = queue.Take()!;

        queue.Pass(LockDuration);

        Assert.Null(queue.State.Renew(SubQueueName.Main, [taken.Lock!.Token], queue.Now));
    }

    [Fact]
    public void Locks_that_run_out_too_often_lead_to_the_dead_letters()
    {
        var queue = new TestQueue(maxDeliveryCount: 2);
        queue.Send("a");

        queue.Take();
        queue.Pass(LockDuration);
        queue.Take();
        queue.Pass(LockDuration);

        Assert.Equal("MaxDeliveryCountExceeded", Assert.Single(queue.Peek(SubQueueName.DeadLetters)).Why!.Reason);
    }

    [Fact]
    public void A_settled_lock_leaves_nothing_to_expire()
    {
        var queue = new TestQueue();
        queue.Send("a");

        queue.Settle(queue.Take(), new Settlement.Complete());

        Assert.Null(queue.State.NextDue);
    }

    [Fact]
    public void A_scheduled_message_comes_when_it_is_due()
    {
        var queue = new TestQueue();
        queue.Send("a", scheduledFor: queue.Now + Minute);

        Assert.Null(queue.Take());
        Assert.Equal(new("orders", 0, 0, 1, 0), queue.Counts);
        Assert.Equal(queue.Now + Minute, queue.State.NextDue);

        queue.Pass(Minute);

        var taken = queue.Take()!;
        Assert.Equal(queue.Now, taken.Message.EnqueuedAt);
        Assert.Equal(MessageState.Active, taken.Message.State);
    }

    [Fact]
    public void A_schedule_in_the_past_is_now()
    {
        var queue = new TestQueue();

        queue.Send("a", scheduledFor: queue.Now - Minute);

        Assert.Equal("a", Text(queue.Take()));
    }

    [Fact]
    public void A_cancelled_message_never_comes()
    {
        var queue = new TestQueue();
        var number = queue.Send("a", scheduledFor: queue.Now + Minute);

        Assert.True(queue.State.Cancel([number]));
        Assert.False(queue.State.Cancel([number]));
        queue.Pass(Minute);

        Assert.Null(queue.Take());
    }

    [Fact]
    public void An_active_message_cannot_be_cancelled()
    {
        var queue = new TestQueue();

        Assert.False(queue.State.Cancel([queue.Send("a")]));
        Assert.Equal(1, queue.Counts.Active);
    }

    [Fact]
    public void An_expired_message_is_dropped()
    {
        var queue = new TestQueue();
        queue.Send("a", timeToLive: Minute);

        queue.Pass(Minute);

        Assert.Equal(new("orders", 0, 0, 0, 0), queue.Counts);
        Assert.Null(queue.State.NextDue);
    }

    [Fact]
    public void An_expired_message_is_a_dead_letter_where_the_queue_says_so()
    {
        var queue = new TestQueue(deadLetterOnExpiry: true);
        queue.Send("a", timeToLive: Minute);

        queue.Pass(Minute);

        Assert.Equal("TTLExpiredException", Assert.Single(queue.Peek(SubQueueName.DeadLetters)).Why!.Reason);
        queue.Pass(Minute);
        Assert.Equal(1, queue.Counts.DeadLettered);
    }

    [Fact]
    public void A_message_does_not_expire_while_it_is_locked()
    {
        var queue = new TestQueue();
        queue.Send("a", timeToLive: LockDuration / 2);
        var taken = queue.Take();

        queue.Pass(LockDuration / 2);

        Assert.True(queue.Settle(taken, new Settlement.Abandon()));
        queue.State.Advance(queue.Now);
        Assert.Null(queue.Take());
    }

    [Fact]
    public void A_scheduled_message_starts_to_age_when_it_is_due()
    {
        var queue = new TestQueue();
        queue.Send("a", timeToLive: Minute, scheduledFor: queue.Now + (2 * Minute));

        queue.Pass(2 * Minute);
        Assert.Equal(1, queue.Counts.Active);

        queue.Pass(Minute);
        Assert.Equal(0, queue.Counts.Active);
    }
}
