using Azure.Core.Amqp;
using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker.Converters;
using Microsoft.Azure.Functions.Worker.Core;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Reads a message as the Functions host sends it: the lock token, then the message as AMQP encodes it.</summary>
[SupportsDeferredBinding]
public sealed class ReceivedMessageConverter : IInputConverter
{
    private const string Source = "AzureServiceBusReceivedMessage";
    private const int LockTokenBytes = 16;

    public ValueTask<ConversionResult> ConvertAsync(ConverterContext context) => new(
        context.Source is ModelBindingData { Source: Source } data ? Read(data.Content) : ConversionResult.Unhandled());

    private static ConversionResult Read(BinaryData content)
    {
        try
        {
            var bytes = content.ToMemory();
            var message = AmqpAnnotatedMessage.FromBytes(BinaryData.FromBytes(bytes[LockTokenBytes..]));
            return ConversionResult.Success(ServiceBusReceivedMessage.FromAmqpMessage(message, BinaryData.FromBytes(bytes[..LockTokenBytes])));
        }
        catch (Exception error)
        {
            return ConversionResult.Failed(error);
        }
    }
}
