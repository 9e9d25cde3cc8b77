using Azure.Core.Amqp;
using Azure.Messaging.ServiceBus;
using Ungroup.ServiceBus;

namespace Ungroup.EndToEnd.Tests.Replay;

public sealed class ReplayedMessageTests
{
    [Fact]
    public void A_copy_is_the_letter_without_what_tells_of_its_first_life()
    {
        var raw = new AmqpAnnotatedMessage(AmqpMessageBody.FromData([new byte[] { 1, 2, 3 }]));
        raw.Properties.MessageId = new AmqpMessageId("m-1");
        raw.Properties.ContentType = "application/json";
        raw.Properties.AbsoluteExpiryTime = DateTimeOffset.UnixEpoch;
        raw.Header.TimeToLive = TimeSpan.FromSeconds(1);
        foreach (var name in (string[])["DeadLetterReason", "DeadLetterErrorDescription", "ungroup-first-enqueued", "ungroup-message-id", "theirs"])
        {
            raw.ApplicationProperties[name] = name;
        }

        var letter = Received(raw);
        var copy = OutgoingMessage.Replayed(letter, "removals", "run-1");

        Assert.Equal(("m-1", "application/json", TimeSpan.MaxValue), (copy.MessageId, copy.ContentType, copy.TimeToLive));
        Assert.Null(copy.GetRawAmqpMessage().Properties.AbsoluteExpiryTime);
        Assert.Equal(["theirs", "ungroup-message-id", "ungroup-replay"], copy.ApplicationProperties.Keys.Order(StringComparer.Ordinal));
        Assert.Equal<byte>([1, 2, 3], copy.Body.ToArray());
        Assert.True(OutgoingMessage.IsReplayed(Received(copy.GetRawAmqpMessage()), "run-1"));
        Assert.False(OutgoingMessage.IsReplayed(letter, "run-1"));
    }

    [Fact]
    public void A_letter_without_an_id_gets_the_one_that_it_is_read_by()
    {
        var letter = ServiceBusModelFactory.ServiceBusReceivedMessage(sequenceNumber: 7);

        Assert.Equal(IncomingMessage.ToDelivery(letter, "removals").MessageId, OutgoingMessage.Replayed(letter, "removals", "run-1").MessageId);
    }

    [Fact]
    public void A_body_that_is_a_value_stays_one()
    {
        var letter = Received(new AmqpAnnotatedMessage(AmqpMessageBody.FromValue("text")));

        Assert.Equal(AmqpMessageBodyType.Value, OutgoingMessage.Replayed(letter, "removals", "run-1").GetRawAmqpMessage().Body.BodyType);
    }

    private static ServiceBusReceivedMessage Received(AmqpAnnotatedMessage message) =>
        ServiceBusReceivedMessage.FromAmqpMessage(message, BinaryData.FromBytes(Guid.NewGuid().ToByteArray()));
}
