using Azure.Messaging.ServiceBus;

namespace Ungroup.Functions;

/// <summary>Reads a message as a <see cref="Delivery"/>, whatever its sender left out.</summary>
internal static class IncomingMessage
{
    public static Delivery ToDelivery(ServiceBusReceivedMessage message) => new()
    {
        // The same message has to get the same id at every delivery: it may become the request's key.
        MessageId = message.MessageId is { Length: > 0 } id ? id : $"seq-{message.SequenceNumber}",
        Body = BytesOf(() => message.Body),
        ContentType = message.ContentType,
        DeliveryCount = message.DeliveryCount,
        EnqueuedAt = message.EnqueuedTime,
        LockedUntil = message.LockedUntil == default ? null : message.LockedUntil,
        Properties = message.ApplicationProperties.ToDictionary(property => property.Key, object? (property) => property.Value),
    };

    internal static ReadOnlyMemory<byte> BytesOf(Func<BinaryData> body)
    {
        try
        {
            return body().ToMemory();
        }
        catch (NotSupportedException)
        {
            // AMQP knows bodies that are no bytes. Such a message is no request; the reader says so of an empty body.
            return ReadOnlyMemory<byte>.Empty;
        }
    }
}
