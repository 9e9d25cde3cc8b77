using Azure.Messaging.ServiceBus;

namespace Ungroup.Cli.Sandbox.Functions;

/// <summary>Reads a message that the host has given a function as a <see cref="Delivery"/>.</summary>
internal static class HostedMessage
{
    public static Delivery ToDelivery(ServiceBusReceivedMessage message) => PostponedCopy.Restore(new()
    {
        MessageId = message.MessageId is { Length: > 0 } id ? id : $"seq-{message.SequenceNumber}",
        Body = BodyOf(message),
        ContentType = message.ContentType,
        DeliveryCount = message.DeliveryCount,
        EnqueuedAt = message.EnqueuedTime,
        Properties = message.ApplicationProperties.ToDictionary(property => property.Key, object? (property) => property.Value),
    });

    private static ReadOnlyMemory<byte> BodyOf(ServiceBusReceivedMessage message)
    {
        try
        {
            return message.Body.ToMemory();
        }
        catch (NotSupportedException)
        {
            // It is no bytes, and so no request.
            return ReadOnlyMemory<byte>.Empty;
        }
    }
}
