using System.Text;
using Azure.Core.Amqp;
using Azure.Messaging.ServiceBus;
using Ungroup.Functions.Tests.Support;
using Ungroup.Messages;
using Ungroup.Requests;
using Ungroup.ServiceBus;

namespace Ungroup.Functions.Tests.Queues;

public sealed class IncomingMessageTests
{
    private const string Request = """{"requestId":"r-1","instanceId":"i-bp1web1","securityGroupId":"sg-bp1web","regionId":"cn-hangzhou"}""";

    [Fact]
    public void A_message_is_read_as_it_came()
    {
        var delivery = IncomingMessage.ToDelivery(
            ServiceBusModelFactory.ServiceBusReceivedMessage(
                body: BinaryData.FromString("{}"), messageId: "m-1", contentType: "application/json",
                properties: new Dictionary<string, object> { ["theirs"] = 7 }, deliveryCount: 3, sequenceNumber: 7, enqueuedTime: AppBench.Now),
            "removals");

        Assert.Equal(("m-1", "application/json", 3, AppBench.Now), (delivery.MessageId, delivery.ContentType, delivery.DeliveryCount, delivery.EnqueuedAt));
        Assert.Equal("{}"u8, delivery.Body.Span);
        Assert.Null(delivery.BodyProblem);
        Assert.Equal(7, delivery.Properties["theirs"]);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void A_message_without_an_id_is_known_by_its_queue_and_its_place_in_it(string? messageId)
    {
        var message = ServiceBusModelFactory.ServiceBusReceivedMessage(messageId: messageId, sequenceNumber: 7);

        Assert.Equal("removals/seq-7", IncomingMessage.ToDelivery(message, "removals").MessageId);
        Assert.Equal("removals-incident/seq-7", IncomingMessage.ToDelivery(message, "removals-incident").MessageId);
    }

    [Fact]
    public void An_id_that_a_message_lacks_can_be_the_key_of_a_request_whatever_its_queue_is_called()
    {
        var message = Received(AmqpMessageBody.FromData([Encoding.UTF8.GetBytes(Request.Replace("\"requestId\":\"r-1\",", "", StringComparison.Ordinal))]));

        Assert.All(["removals", new string('q', 260)], queue => Assert.IsType<ParsedRequest.Accepted>(Read(IncomingMessage.ToDelivery(message, queue))));
    }

    public static TheoryData<string, AmqpMessageBody> Readable => new()
    {
        { "text", AmqpMessageBody.FromValue(Request) },
        { "text with a line end", AmqpMessageBody.FromValue(Request + "\n") },
        { "bytes as a value", AmqpMessageBody.FromValue(Encoding.UTF8.GetBytes(Request)) },
        { "one data section", AmqpMessageBody.FromData([Encoding.UTF8.GetBytes(Request)]) },
        { "two data sections", AmqpMessageBody.FromData([Encoding.UTF8.GetBytes(Request[..20]), Encoding.UTF8.GetBytes(Request[20..])]) },
    };

    [Theory]
    [MemberData(nameof(Readable), DisableDiscoveryEnumeration = true)]
    public void Text_and_bytes_are_read_in_whatever_section_they_come(string kind, AmqpMessageBody body) =>
        Assert.True(Read(IncomingMessage.ToDelivery(Received(body), "removals")) is ParsedRequest.Accepted { Request.RequestId: "r-1" }, kind);

    public static TheoryData<AmqpMessageBody, string, string?> Refused => new()
    {
        { AmqpMessageBody.FromValue(new Dictionary<string, object> { ["requestId"] = "b-3", ["dryRun"] = true }), "The body was an AMQP value of type map; expected", """{"requestId":"b-3","dryRun":"True"}""" },
        { AmqpMessageBody.FromValue(new List<object> { 1, "two" }), "The body was an AMQP value of type list; expected", """["1","two"]""" },
        { AmqpMessageBody.FromValue(5), "The body was an AMQP value of type integer; expected", "\"5\"" },
        { AmqpMessageBody.FromValue(true), "The body was an AMQP value of type boolean; expected", "\"True\"" },
        { AmqpMessageBody.FromValue(Guid.Empty), "The body was an AMQP value of type uuid; expected", "\"00000000-0000-0000-0000-000000000000\"" },
        { AmqpMessageBody.FromSequence([[Request]]), "The body was an AMQP sequence; expected", "securityGroupId" },
        { AmqpMessageBody.FromData([]), "The body was empty, or an AMQP value of null; expected", null },
        { AmqpMessageBody.FromData([Serialized("string", 0x99, Request)]), "The body was a string behind the prefix of .NET's DataContractSerializer", Request },
        { AmqpMessageBody.FromData([Serialized("base64Binary", 0x9F, Request)]), "The body was a base64Binary behind the prefix of .NET's DataContractSerializer", Request },
    };

    [Theory]
    [MemberData(nameof(Refused), DisableDiscoveryEnumeration = true)]
    public void Any_other_body_is_refused_by_what_it_is_and_shown(AmqpMessageBody body, string sentence, string? shown)
    {
        var delivery = IncomingMessage.ToDelivery(Received(body), "removals");

        Assert.StartsWith(sentence, Assert.IsType<ParsedRequest.Invalid>(Read(delivery)).Sentence, StringComparison.Ordinal);
        Assert.Contains(shown ?? "", Encoding.UTF8.GetString(delivery.Body.Span), StringComparison.Ordinal);
        Assert.Equal(shown is null, delivery.Body.IsEmpty);
    }

    [Fact]
    public void A_value_is_shown_only_in_its_beginning_however_large_deep_or_strange_it_is()
    {
        object deep = "end";
        for (var level = 0; level < 100; level++)
        {
            deep = new Dictionary<string, object> { ["next"] = deep };
        }

        object[] strange = [deep, new List<object>(Enumerable.Repeat<object>("\ud800 half", 10_000)), new List<object?> { null, new byte[100_000], 'c', 1.5 }];

        Assert.All(strange, value => Assert.InRange(AmqpText.Of(value).Length, 1, 20_000));
    }

    // As it comes through the Functions host: encoded once more.
    private static ServiceBusReceivedMessage Received(AmqpMessageBody body)
    {
        var message = AmqpAnnotatedMessage.FromBytes(new AmqpAnnotatedMessage(body) { MessageAnnotations = { ["x-opt-sequence-number"] = 7L }, Header = { DeliveryCount = 1 } }.ToBytes());
        return ServiceBusReceivedMessage.FromAmqpMessage(message, BinaryData.FromBytes(Guid.NewGuid().ToByteArray()));
    }

    private static byte[] Serialized(string type, byte header, string text) =>
    [
        0x40, (byte)type.Length, .. Encoding.UTF8.GetBytes(type), 0x08, 0x33, .. "http://schemas.microsoft.com/2003/10/Serialization/"u8,
        header, (byte)text.Length, .. Encoding.UTF8.GetBytes(text),
    ];

    private static ParsedRequest Read(Delivery delivery) => new RequestReader(KnownAccounts.Unchecked).Read(delivery);
}
