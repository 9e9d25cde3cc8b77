using System.Security.Cryptography;
using System.Text;
using Azure.Messaging.ServiceBus;
using Ungroup.Messages;

namespace Ungroup.ServiceBus;

internal static class IncomingMessage
{
    // A key has at most 128 characters; a sequence number has up to 19 of them.
    private const int LongestQueueInId = 100;

    public static Delivery ToDelivery(ServiceBusReceivedMessage message, string queue)
    {
        var body = MessageBody.Of(message);
        return PostponedCopy.Restore(new Delivery
        {
            MessageId = IdOf(message, queue),
            Body = body.Bytes,
            BodyProblem = body.Problem,
            ContentType = message.ContentType,

            // AMQP leaves out a first delivery's count, of which the client's own property makes an exception.
            DeliveryCount = (int?)message.GetRawAmqpMessage().Header.DeliveryCount ?? 1,
            EnqueuedAt = message.EnqueuedTime,
            LockedUntil = message.LockedUntil == default ? null : message.LockedUntil,
            Properties = message.ApplicationProperties.ToDictionary(property => property.Key, object? (property) => property.Value),
        });
    }

    /// <summary>
    /// A message without an id gets its place in its queue: it may become the request's key, so it has to be the same at every delivery, and
    /// another one in another queue.
    /// </summary>
    public static string IdOf(ServiceBusReceivedMessage message, string queue) =>
        message.MessageId is { Length: > 0 } id ? id : $"{Named(queue)}/seq-{message.SequenceNumber}";

    private static string Named(string queue) => queue.Length <= LongestQueueInId
        ? queue
        : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(queue)));
}
