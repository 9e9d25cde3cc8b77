using Azure.Messaging.ServiceBus;

namespace Ungroup.Functions.Tests;

public sealed class IncomingMessageTests
{
    [Fact]
    public void A_message_is_read_as_it_came()
    {
        var delivery = IncomingMessage.ToDelivery(ServiceBusModelFactory.ServiceBusReceivedMessage(
            body: BinaryData.FromString("{}"), messageId: "m-1", contentType: "application/json",
            properties: new Dictionary<string, object> { ["theirs"] = 7 }, deliveryCount: 3, sequenceNumber: 7, enqueuedTime: AppBench.Now));

        Assert.Equal(("m-1", "application/json", 3, AppBench.Now), (delivery.MessageId, delivery.ContentType, delivery.DeliveryCount, delivery.EnqueuedAt));
        Assert.Equal("{}"u8, delivery.Body.Span);
        Assert.Equal(7, delivery.Properties["theirs"]);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void A_message_without_an_id_is_known_by_its_place_in_the_queue(string? messageId) => Assert.Equal(
        "seq-7", IncomingMessage.ToDelivery(ServiceBusModelFactory.ServiceBusReceivedMessage(messageId: messageId, sequenceNumber: 7)).MessageId);

    [Fact]
    public void A_body_that_is_no_bytes_is_read_as_none() =>
        Assert.True(IncomingMessage.BytesOf(() => throw new NotSupportedException("The body is an AMQP value.")).IsEmpty);
}
