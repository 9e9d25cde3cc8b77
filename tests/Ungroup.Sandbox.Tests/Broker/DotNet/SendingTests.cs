using Azure.Core.Amqp;
using Azure.Messaging.ServiceBus;

namespace Ungroup.Sandbox.Tests.Broker.DotNet;

public sealed class SendingTests : IAsyncLifetime
{
    private OfficialBus _bus = null!;

    /// <summary>One of each kind that the client encodes.</summary>
    private static Dictionary<string, object> Properties => new()
    {
        ["string"] = "ü",
        ["bool"] = true,
        ["byte"] = (byte)1,
        ["sbyte"] = (sbyte)-1,
        ["short"] = short.MinValue,
        ["ushort"] = ushort.MaxValue,
        ["int"] = int.MinValue,
        ["uint"] = uint.MaxValue,
        ["long"] = long.MinValue,
        ["ulong"] = ulong.MaxValue,
        ["float"] = 1.5f,
        ["double"] = Math.PI,
        ["decimal"] = 1.25m,
        ["char"] = 'c',
        ["guid"] = Guid.Parse("00112233-4455-6677-8899-aabbccddeeff"),
        ["instant"] = new DateTimeOffset(2030, 1, 2, 3, 4, 5, TimeSpan.Zero),
        ["date"] = new DateTime(2030, 1, 2, 3, 4, 5, DateTimeKind.Utc),
        ["span"] = TimeSpan.FromMinutes(3),
        ["uri"] = new Uri("https://example.org/a?b=c"),
    };

    public async ValueTask InitializeAsync() => _bus = await OfficialBus.StartAsync();

    public ValueTask DisposeAsync() => _bus.DisposeAsync();

    [Fact]
    public async Task Properties_of_19_kinds_come_back_as_they_were()
    {
        var message = new ServiceBusMessage("body");
        foreach (var (name, value) in Properties)
        {
            message.ApplicationProperties[name] = value;
        }

        var received = await _bus.SendAndReceiveAsync(message);

        Assert.Equal(Properties, received.ApplicationProperties.ToDictionary());
    }

    [Fact]
    public async Task They_do_also_after_an_abandon_that_adds_one()
    {
        var message = new ServiceBusMessage("body");
        foreach (var (name, value) in Properties)
        {
            message.ApplicationProperties[name] = value;
        }

        var received = await _bus.SendAndReceiveAsync(message);
        await _bus.Receiver.AbandonMessageAsync(received, new Dictionary<string, object> { ["added"] = 1 }, OfficialBus.Stop);

        Assert.Equal(Properties.Append(new("added", 1)).ToDictionary(), (await _bus.NextAsync()).ApplicationProperties.ToDictionary());
    }

    [Fact]
    public async Task What_a_message_says_of_itself_comes_back()
    {
        var received = await _bus.SendAndReceiveAsync(new("body")
        {
            MessageId = "m-1",
            CorrelationId = "c-1",
            Subject = "i-1",
            ContentType = "application/json",
            ReplyTo = "reply",
            To = "to",
            PartitionKey = "p",
            TimeToLive = TimeSpan.FromHours(1),
        });

        Assert.Equal(
            ("m-1", "c-1", "i-1", "application/json", "reply", "to", "p", TimeSpan.FromHours(1), 1, 1L),
            (received.MessageId, received.CorrelationId, received.Subject, received.ContentType, received.ReplyTo, received.To,
                received.PartitionKey, received.TimeToLive, received.DeliveryCount, received.SequenceNumber));
    }

    [Fact]
    public async Task A_body_may_be_data_a_value_sequences_or_nothing()
    {
        var data = new AmqpAnnotatedMessage(AmqpMessageBody.FromData([new byte[] { 1 }, new byte[] { 2, 3 }]));
        var value = new AmqpAnnotatedMessage(AmqpMessageBody.FromValue("text"));
        var sequence = new AmqpAnnotatedMessage(AmqpMessageBody.FromSequence([[1, "two"], [3L]]));

        Assert.Equal([1, 2, 3], (await BackAsync(data)).Body.ToArray());
        Assert.True((await BackAsync(value)).GetRawAmqpMessage().Body.TryGetValue(out var text));
        Assert.Equal("text", text);
        Assert.True((await BackAsync(sequence)).GetRawAmqpMessage().Body.TryGetSequence(out var lists));
        Assert.Equal([[1, "two"], [3L]], lists!.Select(list => list.ToList()));
        Assert.Empty((await _bus.SendAndReceiveAsync(new())).Body.ToArray());
    }

    [Fact]
    public async Task A_batch_may_be_as_large_as_a_message()
    {
        using var batch = await _bus.Sender.CreateMessageBatchAsync(OfficialBus.Stop);
        while (batch.TryAddMessage(new(new byte[9_000])))
        {
        }

        Assert.InRange(batch.SizeInBytes, 1_030_000, batch.MaxSizeInBytes);
        await _bus.Sender.SendMessagesAsync(batch, OfficialBus.Stop);

        Assert.Equal(batch.Count, _bus.Counts.Active);
    }

    [Fact]
    public async Task A_message_too_large_is_refused_before_it_is_sent()
    {
        var refused = await Assert.ThrowsAsync<ServiceBusException>(() => _bus.Sender.SendMessageAsync(new(new byte[1024 * 1024]), OfficialBus.Stop));

        Assert.Equal(ServiceBusFailureReason.MessageSizeExceeded, refused.Reason);
    }

    [Fact]
    public async Task A_schedule_comes_at_its_time_unless_it_is_cancelled()
    {
        var cancelled = await _bus.Sender.ScheduleMessageAsync(new("cancelled"), DateTimeOffset.MaxValue.AddYears(-1), OfficialBus.Stop);
        await _bus.Sender.ScheduleMessageAsync(new("soon"), TimeProvider.System.GetUtcNow().AddMilliseconds(300), OfficialBus.Stop);
        Assert.Equal(2, _bus.Counts.Scheduled);

        await _bus.Sender.CancelScheduledMessageAsync(cancelled, OfficialBus.Stop);

        Assert.Equal("soon", (await _bus.NextAsync()).Body.ToString());
        Assert.Equal(0, _bus.Counts.Scheduled);
    }

    private async Task<ServiceBusReceivedMessage> BackAsync(AmqpAnnotatedMessage message) => await _bus.SendAndReceiveAsync(new(message));
}
