using System.Text;
using Ungroup.Sandbox.Broker.Queues;
using static Ungroup.Sandbox.Tests.Broker.Queues.TestQueue;

namespace Ungroup.Sandbox.Tests.Broker.Queues;

public sealed class SettlementTests
{
    private readonly TestQueue _queue = new(maxDeliveryCount: 3);

    [Fact]
    public void A_completed_message_is_gone()
    {
        _queue.Send("a");

        Assert.True(_queue.Settle(_queue.Take(), new Settlement.Complete()));

        Assert.Empty(_queue.Peek());
        Assert.Equal(new("orders", 0, 0, 0, 0), _queue.Counts);
    }

    [Fact]
    public void Messages_come_in_the_order_they_were_sent()
    {
        _queue.Send("a");
        _queue.Send("b");
        _queue.Send("c");

        Assert.Equal(["a", "b", "c", null], [Text(_queue.Take()), Text(_queue.Take()), Text(_queue.Take()), Text(_queue.Take())]);
    }

    [Fact]
    public void A_received_message_is_hidden_from_others()
    {
        _queue.Send("a");

        _queue.Take();

        Assert.Null(_queue.Take());
        Assert.Equal(new("orders", 0, 1, 0, 0), _queue.Counts);
    }

    [Fact]
    public void An_abandoned_message_comes_back_at_once_in_its_old_place_and_counts()
    {
        _queue.Send("a");
        _queue.Send("b");

        _queue.Settle(_queue.Take(), new Settlement.Abandon());

        var again = _queue.Take()!;
        Assert.Equal("a", Text(again));
        Assert.Equal(1, again.Message.FailedDeliveries);
    }

    [Fact]
    public void An_abandoned_message_keeps_the_change_its_receiver_made()
    {
        _queue.Send("a");

        _queue.Settle(_queue.Take(), new Settlement.Abandon(payload => [.. payload, .. "!"u8]));

        Assert.Equal("a!", Text(_queue.Take()));
    }

    [Fact]
    public void A_change_that_cannot_be_made_leaves_every_message_as_it_was()
    {
        _queue.Send("a");
        _queue.Send("b");
        var taken = new[] { _queue.Take()!.Lock!.Token, _queue.Take()!.Lock!.Token };

        Assert.Throws<FormatException>(() => _queue.State.Settle(
            SubQueueName.Main, taken, new Settlement.Abandon(payload => payload is [(byte)'b'] ? throw new FormatException("no") : [])));

        Assert.Equal(2, _queue.Counts.Locked);
        Assert.True(_queue.State.Settle(SubQueueName.Main, taken, new Settlement.Abandon()));
        Assert.Equal(["a", "b"], [Text(_queue.Take()), Text(_queue.Take())]);
    }

    [Fact]
    public void A_message_that_was_never_handed_over_comes_back_uncounted()
    {
        _queue.Send("a");

        _queue.Settle(_queue.Take(), new Settlement.Return());

        Assert.Equal(0, _queue.Take()!.Message.FailedDeliveries);
    }

    [Fact]
    public void A_receiver_without_locks_takes_the_message_out()
    {
        _queue.Send("a");

        var taken = _queue.Take(remove: true)!;

        Assert.Null(taken.Lock);
        Assert.Empty(_queue.Peek());
    }

    [Fact]
    public void A_message_is_settled_once()
    {
        _queue.Send("a");
        var taken = _queue.Take();

        Assert.True(_queue.Settle(taken, new Settlement.Complete()));
        Assert.False(_queue.Settle(taken, new Settlement.Complete()));
    }

    [Fact]
    public void Several_locks_are_settled_together_or_not_at_all()
    {
        _queue.Send("a");
        var token = _queue.Take()!.Lock!.Token;

        Assert.False(_queue.State.Settle(SubQueueName.Main, [token, Guid.NewGuid()], new Settlement.Complete()));
        Assert.Equal(1, _queue.Counts.Locked);
        Assert.True(_queue.State.Settle(SubQueueName.Main, [token], new Settlement.Complete()));
    }

    [Fact]
    public void A_deferred_message_is_had_by_its_number_only()
    {
        var number = _queue.Send("a");
        _queue.Settle(_queue.Take(), new Settlement.Defer());

        Assert.Null(_queue.Take());
        Assert.Equal(MessageState.Deferred, Assert.Single(_queue.Peek()).State);

        var taken = _queue.State.TakeDeferred(SubQueueName.Main, [number], remove: false, _queue.Now);
        Assert.Equal("a", Text(Assert.Single(taken!)));
        Assert.Null(_queue.State.TakeDeferred(SubQueueName.Main, [number], remove: false, _queue.Now));

        Assert.True(_queue.Settle(taken![0], new Settlement.Complete()));
        Assert.Empty(_queue.Peek());
    }

    [Fact]
    public void An_abandoned_deferred_message_stays_deferred()
    {
        var number = _queue.Send("a");
        _queue.Settle(_queue.Take(), new Settlement.Defer());

        _queue.Settle(_queue.State.TakeDeferred(SubQueueName.Main, [number], remove: false, _queue.Now)![0], new Settlement.Abandon());

        Assert.Null(_queue.Take());
        Assert.Equal(1, Assert.Single(_queue.Peek()).FailedDeliveries);
    }

    [Fact]
    public void A_dead_letter_is_received_from_its_own_queue_with_the_reason()
    {
        _queue.Send("a");

        _queue.Settle(_queue.Take(), new Settlement.DeadLetter(new("Bad", "no group"), payload => [.. payload, .. "?"u8]));

        Assert.Null(_queue.Take());
        Assert.Equal(new("orders", 0, 0, 0, 1), _queue.Counts);
        var dead = _queue.Take(SubQueueName.DeadLetters)!;
        Assert.Equal("a?", Text(dead));
        Assert.Equal(new("Bad", "no group"), dead.Message.Why);
        Assert.True(_queue.Settle(dead, new Settlement.Complete(), SubQueueName.DeadLetters));
        Assert.Equal(0, _queue.Counts.DeadLettered);
    }

    [Fact]
    public void The_last_allowed_failure_sends_a_message_to_the_dead_letters()
    {
        _queue.Send("a");

        for (var i = 0; i < 3; i++)
        {
            _queue.Settle(_queue.Take(), new Settlement.Abandon());
        }

        Assert.Null(_queue.Take());
        var dead = Assert.Single(_queue.Peek(SubQueueName.DeadLetters));
        Assert.Equal("MaxDeliveryCountExceeded", dead.Why!.Reason);
        Assert.Equal(3, dead.FailedDeliveries);
    }

    [Fact]
    public void A_dead_letter_can_fail_as_often_as_it_likes()
    {
        _queue.Send("a");
        _queue.Settle(_queue.Take(), new Settlement.DeadLetter());

        for (var i = 0; i < 20; i++)
        {
            _queue.Settle(_queue.Take(SubQueueName.DeadLetters), new Settlement.Abandon(), SubQueueName.DeadLetters);
        }

        Assert.Equal(20, Assert.Single(_queue.Peek(SubQueueName.DeadLetters)).FailedDeliveries);
    }

    [Fact]
    public void Two_messages_may_have_the_same_content()
    {
        _queue.Send("a");
        _queue.Send("a");

        Assert.Equal(["a", "a"], _queue.Peek().Select(m => Encoding.UTF8.GetString(m.Payload)));
    }

    [Fact]
    public void Peeking_starts_at_a_number_and_takes_nothing()
    {
        _queue.Send("a");
        var second = _queue.Send("b");
        _queue.Send("c");

        Assert.Equal([2L, 3L], _queue.State.Peek(SubQueueName.Main, from: second, count: 10).Select(m => m.Sequence));
        Assert.Equal([2L], _queue.State.Peek(SubQueueName.Main, from: second, count: 1).Select(m => m.Sequence));
        Assert.Empty(_queue.State.Peek(SubQueueName.Main, from: 4, count: 10));
        Assert.Equal(3, _queue.Counts.Active);
    }
}
