using Amqp;
using Amqp.Framing;
using Amqp.Types;
using Ungroup.Sandbox.Broker;

namespace Ungroup.Sandbox.Tests.Broker.Wire;

/// <summary>Dispositions as AMQPNetLite clients send them, settled at once and unanswered; the two-step settle is tried by the SDKs.</summary>
public sealed class DispositionTests : IAsyncLifetime
{
    private TestBroker _broker = null!;
    private Session _session = null!;
    private ReceiverLink _receiver = null!;
    private ReceiverLink _dead = null!;

    public async ValueTask InitializeAsync()
    {
        _broker = await TestBroker.StartAsync();
        _session = await _broker.ConnectAsync();
        _receiver = _session.Receiver("orders");
        _dead = _session.Receiver("orders/$DeadLetterQueue");
        await _session.Sender("orders").SendTextAsync("a");
    }

    public ValueTask DisposeAsync() => _broker.DisposeAsync();

    [Fact]
    public async Task An_accepted_message_is_gone()
    {
        _receiver.Accept(await _receiver.OneAsync());

        Assert.Equal(new("orders", 0, 0, 0, 0), await SettledAsync());
    }

    [Fact]
    public async Task A_released_message_comes_again_and_does_not_count()
    {
        for (var i = 0; i < 4; i++)
        {
            _receiver.Release(await _receiver.OneAsync());
        }

        Assert.Equal(0u, (await _receiver.OneAsync()).Header.DeliveryCount);
    }

    [Fact]
    public async Task A_modified_message_comes_again_with_the_changes()
    {
        _receiver.Modify(await _receiver.OneAsync(), deliveryFailed: true, undeliverableHere: false, new Fields { [new Symbol("tries")] = 1 });

        var again = await _receiver.OneAsync();
        Assert.Equal(1u, again.Header.DeliveryCount);
        Assert.Equal((1, "a"), (again.ApplicationProperties["tries"], again.Body));
    }

    [Fact]
    public async Task A_message_undeliverable_here_is_deferred()
    {
        _receiver.Modify(await _receiver.OneAsync(), deliveryFailed: true, undeliverableHere: true);

        Assert.Equal(new("orders", 1, 0, 0, 0), await SettledAsync());
    }

    [Fact]
    public async Task A_rejected_message_is_a_dead_letter_that_says_why()
    {
        var why = new Error("com.microsoft:dead-letter")
        {
            Info = new() { [new Symbol("DeadLetterReason")] = "Bad", [new Symbol("DeadLetterErrorDescription")] = "no group", [new Symbol("extra")] = 7 },
        };

        _receiver.Reject(await _receiver.OneAsync(), why);

        var dead = await _dead.OneAsync();
        Assert.Equal(("Bad", "no group", 7), (
            dead.ApplicationProperties["DeadLetterReason"],
            dead.ApplicationProperties["DeadLetterErrorDescription"],
            dead.ApplicationProperties["extra"]));
        Assert.Equal("a", dead.Body);
        _dead.Accept(dead);
        Assert.Equal(0, (await SettledAsync()).DeadLettered);
    }

    [Fact]
    public async Task A_plain_error_is_reason_enough()
    {
        _receiver.Reject(await _receiver.OneAsync(), new Error("my:condition") { Description = "my words" });

        var dead = await _dead.OneAsync();
        Assert.Equal(("my:condition", "my words"), (
            dead.ApplicationProperties["DeadLetterReason"], dead.ApplicationProperties["DeadLetterErrorDescription"]));
    }

    [Fact]
    public async Task The_third_failure_is_the_last()
    {
        for (var i = 0; i < 3; i++)
        {
            _receiver.Modify(await _receiver.OneAsync(), deliveryFailed: true);
        }

        Assert.Equal("MaxDeliveryCountExceeded", (await _dead.OneAsync()).ApplicationProperties["DeadLetterReason"]);
    }

    [Fact]
    public async Task A_late_accept_changes_nothing()
    {
        var late = await _receiver.OneAsync();
        _broker.Clock.Advance(TimeSpan.FromSeconds(30));
        var again = await _receiver.OneAsync();

        _receiver.Accept(late);

        Assert.Equal(1u, again.Header.DeliveryCount);
        Assert.Equal(1, (await SettledAsync()).Locked);
    }

    [Fact]
    public async Task A_closed_link_keeps_its_locks()
    {
        await _receiver.OneAsync();

        await _receiver.CloseAsync();

        Assert.Equal(new("orders", 0, 1, 0, 0), await SettledAsync());
    }

    [Fact]
    public async Task A_broken_connection_keeps_its_locks_until_they_run_out()
    {
        await _receiver.OneAsync();
        await _session.Connection.CloseAsync();
        var session = await _broker.ConnectAsync();
        var other = session.Receiver("orders");
        other.SetCredit(1, CreditMode.Manual);
        await session.Sender("other").SendTextAsync("by now we are open");
        Assert.Equal(1, _broker.Counts.Locked);

        _broker.Clock.Advance(TimeSpan.FromSeconds(30));

        Assert.Equal(1u, (await other.NextAsync()).Header.DeliveryCount);
    }

    /// <summary>
    /// One loop serves the queue in order, so once the answer to this send is here, whatever was said before has been
    /// done. The message itself is put off for ever, to stay out of the way.
    /// </summary>
    private async Task<QueueCounts> SettledAsync()
    {
        await _session.Sender("orders").SendAsync(new Message("fence")
        {
            MessageAnnotations = new() { [new Symbol("x-opt-scheduled-enqueue-time")] = DateTime.MaxValue.AddDays(-1).ToUniversalTime() },
        });
        return _broker.Counts with { Scheduled = 0 };
    }

    [Fact]
    public async Task What_a_client_held_whose_connection_is_cut_is_neither_settled_nor_dead_lettered()
    {
        await using var broker = await TestBroker.StartAsync();
        var sender = (await broker.ConnectAsync()).Sender("orders");
        await Task.WhenAll(Enumerable.Range(0, 5_000).Select(i => sender.SendTextAsync($"{i}")));

        for (var round = 0; round < 40; round++)
        {
            await using var cable = new Cable(broker.Broker.Port);
            var receiver = (await broker.ConnectAsync(port: cable.Port)).Receiver("orders");
            var seen = 0;
            var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            receiver.Start(16, (link, message) =>
            {
                // Half of them are kept, so that there is something held and something on its way when the cable is cut.
                if (Interlocked.Increment(ref seen) % 2 == 0)
                {
                    link.Accept(message);
                }

                if (seen == 14 + round)
                {
                    enough.TrySetResult();
                }
            });
            await Task.WhenAny(enough.Task, Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, TestContext.Current.CancellationToken));
            cable.Cut();
        }

        await (await broker.ConnectAsync()).Sender("orders").SendTextAsync("fence");
        Assert.Equal(0, broker.Counts.DeadLettered);
    }
}
