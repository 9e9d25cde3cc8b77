using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;
using Ungroup.Sandbox.Broker.Queues;

namespace Ungroup.Sandbox.Tests.Broker.Queues;

public sealed class MessageQueueTests : IAsyncDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly MessageQueue _queue = new(new() { Name = "orders", LockDuration = TestQueue.LockDuration }, journal: null);
    private readonly CommitLoop _loop;

    public MessageQueueTests() => _loop = new([_queue], static _ => { }, journal: null, _clock);

    public ValueTask DisposeAsync() => _loop.DisposeAsync();

    [Fact]
    public async Task A_waiting_consumer_is_handed_what_arrives()
    {
        var consumer = new TestConsumer(_queue);
        consumer.Grant(1);

        await SendAsync(1);

        Assert.Equal(1, (await consumer.NextAsync()).Message.Sequence);
    }

    [Fact]
    public async Task A_consumer_gets_no_more_than_its_credit()
    {
        var consumer = new TestConsumer(_queue);
        consumer.Grant(2);

        await SendAsync(5);
        await consumer.NextAsync();
        await consumer.NextAsync();

        Assert.False(consumer.HasMore);
        Assert.Equal(new("orders", 3, 2, 0, 0), _queue.Counts);
    }

    [Fact]
    public async Task Two_consumers_share_the_messages()
    {
        var (one, other) = (new TestConsumer(_queue), new TestConsumer(_queue));
        one.Grant(100);
        other.Grant(100);

        await SendAsync(10);

        for (var each = 0; each < 5; each++)
        {
            await one.NextAsync();
            await other.NextAsync();
        }
    }

    [Fact]
    public async Task A_drain_ends_when_nothing_is_left_and_takes_the_credit_back()
    {
        var consumer = new TestConsumer(_queue);
        await SendAsync(2);

        consumer.Grant(5, drain: true);
        await consumer.Drained.Task.WaitAsync(Soon, TestContext.Current.CancellationToken);
        await SendAsync(1);

        Assert.Equal(2, consumer.Count);
    }

    [Fact]
    public async Task A_consumer_who_left_gets_nothing_and_its_locks_run_out()
    {
        var consumer = new TestConsumer(_queue);
        consumer.Grant(5);
        await SendAsync(1);
        consumer.Leave();
        await SendAsync(1);
        Assert.Equal(1, consumer.Count);

        var next = new TestConsumer(_queue);
        next.Grant(2);
        Assert.Equal(2, (await next.NextAsync()).Message.Sequence);
        _clock.Advance(TestQueue.LockDuration);

        var again = await next.NextAsync();
        Assert.Equal((1, 1), (again.Message.Sequence, again.Message.FailedDeliveries));
    }

    [Fact]
    public async Task A_scheduled_message_wakes_a_waiting_consumer()
    {
        var consumer = new TestConsumer(_queue);
        consumer.Grant(1);
        await AskAsync((state, now) => state.Enqueue([new([1], ScheduledFor: now + TimeSpan.FromDays(3))], now));
        Assert.Equal(0, consumer.Count);

        for (var day = 0; day < 3; day++)
        {
            _clock.Advance(TimeSpan.FromDays(1));
            await AskAsync((_, _) => 0); // the timer is armed for a day at most
        }

        await consumer.NextAsync();
    }

    [Fact]
    public async Task Whoever_sent_sees_it_counted()
    {
        await SendAsync(3);

        Assert.Equal(3, _queue.Counts.Active);
    }

    [Fact]
    public async Task What_was_asked_before_the_end_is_answered()
    {
        var answers = Enumerable.Range(0, 2_500).Select(_ => SendAsync(1)).ToList();

        await _loop.DisposeAsync();

        await Task.WhenAll(answers).WaitAsync(Soon, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task What_cannot_be_done_is_refused_and_nothing_to_the_rest_of_its_batch()
    {
        var before = SendAsync(1);
        var impossible = AskAsync<int>((_, _) => throw new FormatException("not like this"));
        var after = SendAsync(1);

        Assert.Equal("not like this", (await Assert.ThrowsAsync<FormatException>(() => impossible)).Message);
        Assert.Equal([[1L], [2L]], await Task.WhenAll(before, after));
    }

    private Task<IReadOnlyList<long>> SendAsync(int count) =>
        AskAsync((state, now) => state.Enqueue([.. Enumerable.Range(0, count).Select(i => new NewMessage([(byte)i]))], now));

    private async Task<T> AskAsync<T>(Func<QueueState, DateTimeOffset, T> work)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _queue.Ask(work, answer.SetResult, answer.SetException);
        return await answer.Task.WaitAsync(Soon, TestContext.Current.CancellationToken);
    }

    private sealed class TestConsumer
    {
        private readonly Channel<Delivery> _received = Channel.CreateUnbounded<Delivery>();
        private readonly MessageQueue _queue;
        private readonly Consumer _consumer;
        private int _credit;

        public TestConsumer(MessageQueue queue)
        {
            _queue = queue;
            _consumer = new(SubQueueName.Main, removes: false, Take, GiveBack);
            queue.Add(_consumer);
        }

        public TaskCompletionSource Drained { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Count => _received.Reader.Count;

        public bool HasMore => _received.Reader.TryPeek(out _);

        public void Grant(int credit, bool drain = false)
        {
            Interlocked.Add(ref _credit, credit);
            _queue.Grant(_consumer, credit, drain);
        }

        public void Leave() => _queue.Remove(_consumer);

        public async Task<Delivery> NextAsync() =>
            await _received.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask()
                .WaitAsync(Soon, TestContext.Current.CancellationToken);

        private void Take(Delivery delivery)
        {
            Interlocked.Decrement(ref _credit);
            _received.Writer.TryWrite(delivery);
        }

        private int GiveBack()
        {
            Drained.TrySetResult();
            return Interlocked.Exchange(ref _credit, 0);
        }
    }
}
