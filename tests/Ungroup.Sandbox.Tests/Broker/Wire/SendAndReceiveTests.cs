using Amqp;
using Amqp.Framing;
using Amqp.Types;

namespace Ungroup.Sandbox.Tests.Broker.Wire;

public sealed class SendAndReceiveTests : IAsyncLifetime
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
    public async Task A_message_arrives_as_it_was_sent()
    {
        await _sender.SendAsync(new Message
        {
            BodySection = new Data { Binary = [1, 2, 3] },
            Properties = new() { MessageId = "m-1", Subject = "s", ContentType = "application/json" },
            ApplicationProperties = new() { ["n"] = 42L, ["text"] = "ä" },
            MessageAnnotations = new() { [new Symbol("x-opt-partition-key")] = "p" },
            Header = new() { Ttl = 60_000 },
        });

        var message = await _receiver.OneAsync();

        Assert.Equal([1, 2, 3], (byte[])message.Body);
        Assert.Equal(("m-1", "s", "application/json"), (message.Properties.MessageId, message.Properties.Subject, (string)message.Properties.ContentType));
        Assert.Equal((42L, "ä"), (message.ApplicationProperties["n"], message.ApplicationProperties["text"]));
        Assert.Equal("p", message.MessageAnnotations[new Symbol("x-opt-partition-key")]);
        Assert.Equal((60_000u, 0u), (message.Header.Ttl, message.Header.DeliveryCount));
    }

    [Fact]
    public async Task The_broker_says_when_and_until_when()
    {
        await _sender.SendTextAsync("a");

        var message = await _receiver.OneAsync();

        var now = _broker.Clock.GetUtcNow().UtcDateTime;
        Assert.Equal(now, message.MessageAnnotations[new Symbol("x-opt-enqueued-time")]);
        Assert.Equal(now.AddSeconds(30), message.MessageAnnotations[new Symbol("x-opt-locked-until")]);
        Assert.Equal(1L, message.MessageAnnotations[new Symbol("x-opt-sequence-number")]);
    }

    [Fact]
    public async Task The_delivery_tag_is_the_lock_token()
    {
        await _sender.SendTextAsync("a");

        var message = await _receiver.OneAsync();

        Assert.Equal(new Guid(message.DeliveryTag), message.DeliveryAnnotations[new Symbol("x-opt-lock-token")]);
    }

    [Fact]
    public async Task A_message_without_an_id_is_given_one()
    {
        await _sender.SendAsync(new Message("a"));
        await _sender.SendAsync(new Message("b") { Properties = new() { Subject = "kept" } });

        Assert.NotEmpty((await _receiver.OneAsync()).Properties.MessageId);
        var second = await _receiver.OneAsync();
        Assert.NotEmpty(second.Properties.MessageId);
        Assert.Equal(("kept", "b"), (second.Properties.Subject, second.Body));
    }

    [Fact]
    public async Task The_same_id_twice_is_two_messages()
    {
        await _sender.SendTextAsync("a", id: "same");
        await _sender.SendTextAsync("b", id: "same");

        Assert.Equal("a", (await _receiver.OneAsync()).Body);
        Assert.Equal("b", (await _receiver.OneAsync()).Body);
    }

    [Fact]
    public async Task A_batch_is_unpacked_into_its_messages()
    {
        var batch = new Message { BodySection = new DataList(), Format = 0x80013700 };
        foreach (var text in (string[])["a", "b", "c"])
        {
            var encoded = new Message(text) { Properties = new() { MessageId = text } }.Encode();
            ((DataList)batch.BodySection).Add(new Data { Buffer = encoded });
        }

        await _sender.SendAsync(batch);

        Assert.Equal(["a", "b", "c"], [(await _receiver.OneAsync()).Body, (await _receiver.OneAsync()).Body, (await _receiver.OneAsync()).Body]);
    }

    [Fact]
    public async Task An_address_may_start_with_a_slash_and_be_written_in_any_case()
    {
        await _session.Sender("/ORDERS").SendTextAsync("a");

        Assert.Equal("a", (await _receiver.OneAsync()).Body);
    }

    [Fact]
    public async Task A_message_of_many_frames_arrives_whole()
    {
        var large = new string('x', 900_000);

        await _sender.SendTextAsync(large, id: "large");

        Assert.Equal(large, (await _receiver.OneAsync()).Body);
    }

    [Fact]
    public async Task A_message_that_is_too_large_is_refused()
    {
        var error = await Assert.ThrowsAsync<AmqpException>(() => _sender.SendTextAsync(new string('x', 1024 * 1024), id: "large"));

        Assert.Equal(ErrorCode.MessageSizeExceeded, error.Error.Condition);
        Assert.Equal(0, _broker.Counts.Active);
    }

    [Fact]
    public async Task What_is_no_message_is_refused_and_the_link_lives()
    {
        var broken = new Message { BodySection = new Data { Binary = [0, 0x53, 0x74, 0xC1, 99] }, Format = 0x80013700 };

        var error = await Assert.ThrowsAsync<AmqpException>(() => _sender.SendAsync(broken));

        Assert.Equal(ErrorCode.DecodeError, error.Error.Condition);
        await _sender.SendTextAsync("a");
        Assert.Equal(1, _broker.Counts.Active);
    }

    [Fact]
    public async Task A_receiver_of_settled_messages_deletes_them()
    {
        await _sender.SendTextAsync("a");

        Assert.Equal("a", (await _session.Receiver("orders", settled: true).OneAsync()).Body);

        Assert.Equal(new("orders", 0, 0, 0, 0), _broker.Counts);
    }

    [Fact]
    public async Task A_scheduled_message_waits_for_its_time()
    {
        await _sender.SendAsync(new Message("later")
        {
            MessageAnnotations = new()
            {
                [new Symbol("x-opt-scheduled-enqueue-time")] = _broker.Clock.GetUtcNow().AddMinutes(5).UtcDateTime,
            },
        });
        Assert.Equal(new("orders", 0, 0, 1, 0), _broker.Counts);

        _receiver.SetCredit(1, CreditMode.Manual);
        _broker.Clock.Advance(TimeSpan.FromMinutes(5));

        Assert.Equal("later", (await _receiver.NextAsync()).Body);
    }
}
