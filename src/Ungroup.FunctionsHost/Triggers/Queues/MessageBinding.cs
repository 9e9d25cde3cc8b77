using System.Globalization;
using System.Text.Json;
using Azure.Messaging.ServiceBus;
using Google.Protobuf;
using Ungroup.FunctionsHost.Rpc;

namespace Ungroup.FunctionsHost.Triggers.Queues;

/// <summary>A message as a worker gets it: its lock token, then the message as AMQP encodes it.</summary>
internal static class MessageBinding
{
    public static InvocationRequest Request(ServiceBusReceivedMessage message, string parameter)
    {
        var request = Invoker.Request(TraceParent(message));
        request.InputData.Add(new ParameterBinding { Name = parameter, Data = new() { ModelBindingData = Whole(message) } });
        foreach (var (name, value) in Facts(message))
        {
            request.TriggerMetadata[name] = new() { Json = JsonSerializer.Serialize(value) };
        }

        return request;
    }

    private static ModelBindingData Whole(ServiceBusReceivedMessage message)
    {
        var lockToken = Guid.Parse(message.LockToken).ToByteArray();
        var encoded = message.GetRawAmqpMessage().ToBytes().ToMemory();
        return new()
        {
            Version = "1.0",
            Source = "AzureServiceBusReceivedMessage",
            ContentType = "application/octet-stream",
            Content = ByteString.CopyFrom([.. lockToken, .. encoded.Span]),
        };
    }

    private static IEnumerable<(string Name, object? Value)> Facts(ServiceBusReceivedMessage message) =>
    [
        ("MessageId", message.MessageId),
        ("CorrelationId", message.CorrelationId),
        ("ContentType", message.ContentType),
        ("Subject", message.Subject),
        ("LockToken", message.LockToken),
        ("DeliveryCount", message.DeliveryCount),
        ("SequenceNumber", message.SequenceNumber),
        ("EnqueuedTimeUtc", message.EnqueuedTime.UtcDateTime.ToString("O", CultureInfo.InvariantCulture)),
    ];

    private static string? TraceParent(ServiceBusReceivedMessage message) =>
        message.ApplicationProperties.GetValueOrDefault("Diagnostic-Id") as string
        ?? message.ApplicationProperties.GetValueOrDefault("traceparent") as string;
}
