using System.Text;
using Ungroup.Sandbox.Broker;
using Ungroup.Sandbox.Broker.Queues;

namespace Ungroup.Sandbox.Tests.Broker.Queues;

/// <summary>How long a message lives, and for how long its id is remembered.</summary>
public sealed class LifeTests
{
    private static readonly DateTimeOffset Start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Theory]
    [InlineData(null, 1.0)]
    [InlineData(0.5, 0.5)]
    [InlineData(2.0, 1.0)]
    public void A_message_lives_as_long_as_it_says_but_no_longer_than_its_queue_allows(double? said, double lives)
    {
        var queue = new QueueState(new() { Name = "orders", DefaultTimeToLive = Hour });
        Send(queue, "a", Start, said * Hour);

        queue.Advance(Start + (lives * Hour) - TimeSpan.FromTicks(1));
        Assert.Equal(1, queue.Counts().Active);
        queue.Advance(Start + (lives * Hour));

        Assert.Equal(new("orders", 0, 0, 0, 0), queue.Counts());
    }

    [Fact]
    public void What_is_over_is_a_dead_letter_where_the_queue_says_so()
    {
        var queue = new QueueState(new() { Name = "orders", DefaultTimeToLive = Hour, DeadLetterOnExpiry = true });
        Send(queue, "a", Start);

        queue.Advance(Start + Hour);

        Assert.Equal("TTLExpiredException", Assert.Single(queue.Peek(SubQueueName.DeadLetters, 0, 10)).Why!.Reason);
        queue.Advance(Start + (100 * Hour));
        Assert.Equal(1, queue.Counts().DeadLettered);
    }

    [Fact]
    public void The_longest_life_there_is_does_not_end()
    {
        var queue = new QueueState(new() { Name = "orders", DefaultTimeToLive = TimeSpan.MaxValue });
        Send(queue, "a", Start);

        queue.Advance(DateTimeOffset.MaxValue);

        Assert.Equal(1, queue.Counts().Active);
    }

    [Fact]
    public void A_scheduled_message_begins_to_age_when_its_time_has_come()
    {
        var queue = new QueueState(new() { Name = "orders", DefaultTimeToLive = Hour });
        queue.Enqueue([new(Encoding.UTF8.GetBytes("a"), ScheduledFor: Start + (5 * Hour))], Start);

        queue.Advance(Start + (5 * Hour));
        Assert.Equal(1, queue.Counts().Active);
        queue.Advance(Start + (6 * Hour));

        Assert.Equal(0, queue.Counts().Active);
    }

    [Fact]
    public void A_duplicate_does_not_prolong_the_window_of_the_first()
    {
        var queue = new QueueState(new() { Name = "orders", DuplicateDetectionWindow = Hour });

        Send(queue, "a", Start);
        Send(queue, "a", Start + (0.9 * Hour));
        Send(queue, "b", Start + (0.9 * Hour));
        Assert.Equal(2, queue.Counts().Active);
        Send(queue, "a", Start + Hour);
        Send(queue, "b", Start + Hour);

        Assert.Equal(3, queue.Counts().Active);
    }

    [Fact]
    public void Without_a_window_nothing_is_a_duplicate()
    {
        var queue = new QueueState(new() { Name = "orders" });

        Send(queue, "a", Start);
        Send(queue, "a", Start);

        Assert.Equal(2, queue.Counts().Active);
        Assert.Empty(queue.Changes.Seen);
    }

    [Theory]
    [InlineData("", "A subscription cannot be named ''")]
    [InlineData("a/b", "A subscription cannot be named 'a/b'")]
    [InlineData("twice", "told: the subscription 'twice' is listed 2 times.")]
    public async Task Options_that_make_no_sense_are_refused_with_a_sentence(string name, string sentence)
    {
        var options = new BrokerOptions { Port = 0, Topics = [new() { Name = "told", Subscriptions = [new() { Name = "twice" }, new() { Name = name }] }] };

        var refused = await Assert.ThrowsAsync<ArgumentException>(() => ServiceBusBroker.StartAsync(options, TestContext.Current.CancellationToken));

        Assert.StartsWith(sentence, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_topic_and_a_queue_do_not_share_a_name()
    {
        var options = new BrokerOptions { Port = 0, Queues = [new() { Name = "told" }], Topics = [new() { Name = "TOLD" }] };

        var refused = await Assert.ThrowsAsync<ArgumentException>(() => ServiceBusBroker.StartAsync(options, TestContext.Current.CancellationToken));

        Assert.StartsWith("The queue or topic 'told' is listed 2 times.", refused.Message, StringComparison.Ordinal);
    }

    private static void Send(QueueState queue, string id, DateTimeOffset now, TimeSpan? timeToLive = null)
    {
        queue.Advance(now);
        queue.Enqueue([new(Encoding.UTF8.GetBytes(id), timeToLive) { Id = id }], now);
    }
}
