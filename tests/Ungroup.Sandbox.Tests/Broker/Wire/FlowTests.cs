using Amqp;

namespace Ungroup.Sandbox.Tests.Broker.Wire;

/// <summary>Credit, which the library's listener gets wrong by itself: see LinkCredit.</summary>
public sealed class FlowTests : IAsyncLifetime
{
    private TestBroker _broker = null!;
    private Session _session = null!;
    private SenderLink _sender = null!;
    private ReceiverLink _receiver = null!;

    public async ValueTask InitializeAsync()
    {
        _broker = await TestBroker.StartAsync();
        _session = await _broker.ConnectAsync();
        _sender = _session.Sender("orders");
        _receiver = _session.Receiver("orders");
    }

    public ValueTask DisposeAsync() => _broker.DisposeAsync();

    [Fact]
    public async Task Nothing_is_sent_without_credit()
    {
        await SendAsync(3);

        _receiver.SetCredit(2, CreditMode.Manual);
        await _receiver.NextAsync();
        await _receiver.NextAsync();

        Assert.Equal(new("orders", 1, 2, 0, 0), _broker.Counts);
        await _receiver.OneAsync();
    }

    [Fact]
    public async Task A_flow_that_says_the_same_again_changes_nothing()
    {
        _receiver.SetCredit(3, CreditMode.Manual);
        for (var i = 0; i < 5; i++)
        {
            _receiver.SetCredit(0, CreditMode.Manual); // this client adds, so nothing more is the same flow again
        }

        await SendAsync(5);

        for (var i = 0; i < 3; i++)
        {
            await _receiver.NextAsync();
        }

        await AssertAliveAsync();
        Assert.Equal(3, _broker.Counts.Locked);
    }

    [Fact]
    public async Task Less_credit_is_less_and_more_is_not_too_much()
    {
        _receiver.SetCredit(10, CreditMode.Manual);
        _receiver.SetCredit(-8, CreditMode.Manual);
        _receiver.SetCredit(2, CreditMode.Manual);

        await SendAsync(10);

        for (var i = 0; i < 4; i++)
        {
            await _receiver.NextAsync();
        }

        await AssertAliveAsync();
        Assert.Equal(4, _broker.Counts.Locked);
    }

    [Fact]
    public async Task A_drain_brings_what_there_is_and_takes_back_the_rest()
    {
        await SendAsync(2);

        _receiver.SetCredit(10, CreditMode.Drain);
        await _receiver.NextAsync();
        await _receiver.NextAsync();
        await AssertAliveAsync();
        await SendAsync(1);

        Assert.Equal(2, _broker.Counts.Locked);
        await _receiver.OneAsync();
    }

    [Fact]
    public async Task The_answer_to_a_drain_says_drain_and_counts_what_was_not_used()
    {
        using var tap = new FlowTap(_broker.Broker.Port);
        var receiver = (await _broker.ConnectAsync(port: tap.Port)).Receiver("orders");
        await SendAsync(2);

        receiver.SetCredit(10, CreditMode.Drain);

        var answer = await tap.NextAsync(flow => flow.HasHandle);
        Assert.Equal((true, 0u, 10u), (answer.Drain, answer.LinkCredit, answer.DeliveryCount));
        receiver.SetCredit(1, CreditMode.Manual);
        await SendAsync(1);
        await receiver.NextAsync();
        Assert.False(tap.HasMore, "One answer is enough.");
    }

    [Fact]
    public async Task A_drain_of_an_empty_queue_can_be_repeated()
    {
        for (var i = 0; i < 20; i++)
        {
            _receiver.SetCredit(5, CreditMode.Drain);
            _receiver.SetCredit(3, CreditMode.Manual);
        }

        await SendAsync(50);
        _receiver.SetCredit(50, CreditMode.Manual);
        for (var i = 0; i < 50; i++)
        {
            await _receiver.NextAsync();
        }

        await AssertAliveAsync();
    }

    /// <summary>
    /// A drain is waited for to its end: this client takes any answer for that to its latest drain, forgets the credit it has
    /// given since, and hangs up on the next message. It asks for no second drain before it has given credit in the other way.
    /// </summary>
    [Fact]
    public async Task A_slow_consumer_gets_every_message_once()
    {
        const int Count = 2_000;
        using var tap = new FlowTap(_broker.Broker.Port);
        var session = await _broker.ConnectAsync(port: tap.Port);
        var receiver = session.Receiver("orders");
        var sending = Task.WhenAll(Enumerable.Range(0, Count).Select(i => _sender.SendTextAsync($"{i}")));

        var seen = new HashSet<string>();
        for (var drains = true; seen.Count < Count; drains = !drains)
        {
            receiver.SetCredit(50, drains ? CreditMode.Drain : CreditMode.Manual);
            while (seen.Count < Count && await receiver.ReceiveAsync(TimeSpan.FromMilliseconds(20)) is { } message)
            {
                Assert.True(seen.Add((string)message.Body), "It came twice.");
                receiver.Accept(message);
            }

            if (drains)
            {
                await tap.NextAsync(flow => flow is { HasHandle: true, Drain: true });
                await AssertAliveAsync(session, receiver); // what came before this answer has been read, too
            }
        }

        await sending;
    }

    private async Task SendAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            await _sender.SendTextAsync($"{i}");
        }
    }

    /// <summary>A client that was sent more than it allowed closes; an answered send says that it has not.</summary>
    private static async Task AssertAliveAsync(Session session, ReceiverLink receiver)
    {
        var sender = session.Sender("other");
        await sender.SendTextAsync("alive?");
        await sender.CloseAsync();
        Assert.Null(receiver.Error);
        Assert.False(receiver.IsClosed);
    }

    private Task AssertAliveAsync() => AssertAliveAsync(_session, _receiver);
}
