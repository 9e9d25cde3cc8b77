using Amqp;
using Amqp.Framing;
using Amqp.Types;
using Ungroup.Sandbox.Broker.Queues;
using Ungroup.Sandbox.Broker.Wire.Format;
using Ungroup.Sandbox.Broker.Wire.Nodes;

namespace Ungroup.Sandbox.Tests.Broker.Wire;

/// <summary>A message that cannot be read is nothing to those beside it.</summary>
public sealed class UnreadableTests : IAsyncLifetime
{
    private static readonly byte[] Broken = [0, 0x53, 0x74, 0xC1, 99];

    private TestBroker _broker = null!;
    private Session _session = null!;

    public async ValueTask InitializeAsync()
    {
        _broker = await TestBroker.StartAsync();
        _session = await _broker.ConnectAsync();
    }

    public ValueTask DisposeAsync() => _broker.DisposeAsync();

    [Fact]
    public async Task A_message_of_a_batch_that_cannot_be_read_is_a_dead_letter_and_the_others_arrive()
    {
        await _session.Sender("orders").SendAsync(Batch(Encoded("a"), Broken, Encoded("b")));

        var receiver = _session.Receiver("orders");
        Assert.Equal(["a", "b"], [(await receiver.OneAsync()).Body, (await receiver.OneAsync()).Body]);
        var dead = await _session.Receiver("orders/$DeadLetterQueue").OneAsync();
        Assert.Equal(Broken, dead.Body);
        Assert.Equal("MessageCannotBeDecoded", dead.ApplicationProperties["DeadLetterReason"]);
        Assert.StartsWith("The message cannot be decoded: ", (string)dead.ApplicationProperties["DeadLetterErrorDescription"], StringComparison.Ordinal);
        Assert.Equal(1, _broker.Counts.DeadLettered);
    }

    [Fact]
    public async Task In_a_topic_it_is_a_dead_letter_of_every_subscription()
    {
        await _session.Sender("told").SendAsync(Batch(Encoded("a"), Broken));

        Assert.Equal(new("told/Subscriptions/all", 1, 0, 0, 1), _broker.CountsOf("told/Subscriptions/all"));
        Assert.Equal(new("told/Subscriptions/failures", 1, 0, 0, 1), _broker.CountsOf("told/Subscriptions/failures"));
    }

    [Fact]
    public async Task A_batch_of_which_nothing_can_be_read_is_refused()
    {
        var refused = await Assert.ThrowsAsync<AmqpException>(() => _session.Sender("orders").SendAsync(Batch(Broken, Broken)));

        Assert.Equal(ErrorCode.DecodeError, refused.Error.Condition);
        Assert.Equal(0, _broker.Counts.DeadLettered);
    }

    /// <summary>A message that is read once can be handed out, edited, dead-lettered and filtered later.</summary>
    [Fact]
    public void What_is_read_of_ten_thousand_damaged_messages_can_be_handed_out()
    {
        Assert.True(SqlFilter.TryParse("status IN ('Failed')", out var filter, out _));
        var whole = Encoded("a");
        var (read, refused) = (0, 0);
        for (var seed = 0; seed < 10_000; seed++)
        {
            if (!MessageReader.TryRead(Damaged(whole, new Random(seed)), format: 0, out var messages, out _))
            {
                refused++;
                continue;
            }

            read++;
            var payload = Payload.WithApplicationProperties(messages[0].Payload, [new("added", 1)]);
            filter.Matches(payload);
            MessageEncoder.Encode(
                new(1, payload, _broker.Clock.GetUtcNow(), messages[0].TimeToLive, MessageState.Active, SubQueueName.DeadLetters, 1, new("r", "d")),
                new(Guid.Empty, _broker.Clock.GetUtcNow()),
                "orders");
        }

        Assert.True(read > 100 && refused > 100, $"{read} read, {refused} refused");
    }

    private static byte[] Damaged(byte[] whole, Random chance)
    {
        byte[] damaged = [.. whole];
        for (var times = chance.Next(1, 4); times > 0; times--)
        {
            damaged[chance.Next(damaged.Length)] = (byte)chance.Next(256);
        }

        return damaged[..(chance.Next(4) == 0 ? chance.Next(damaged.Length) : damaged.Length)];
    }

    private static Message Batch(params byte[][] messages)
    {
        var body = new DataList();
        foreach (var message in messages)
        {
            body.Add(new Data { Binary = message });
        }

        return new Message { BodySection = body, Format = 0x80013700 };
    }

    private static byte[] Encoded(string text)
    {
        var message = new Message(text)
        {
            Header = new() { Ttl = 1_000 },
            MessageAnnotations = new() { [new Symbol("x-opt-partition-key")] = "p", [new Symbol("list")] = new List { 1, "two", 3L } },
            Properties = new() { MessageId = text, Subject = "s", AbsoluteExpiryTime = new DateTime(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc) },
            ApplicationProperties = new() { ["status"] = "Failed", ["number"] = 7, ["at"] = new DateTime(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc) },
        };
        var buffer = message.Encode();
        return buffer.Buffer.AsSpan(buffer.Offset, buffer.Length).ToArray();
    }
}
