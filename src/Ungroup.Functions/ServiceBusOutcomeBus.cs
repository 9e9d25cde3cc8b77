using Azure.Messaging.ServiceBus;
using Ungroup.Outcomes;

namespace Ungroup.Functions;

internal sealed class ServiceBusOutcomeBus(ServiceBusSender sender) : IOutcomeBus
{
    public async Task PublishAsync(OutcomeEvent outcome, CancellationToken cancellationToken)
    {
        var message = new ServiceBusMessage(outcome.Json)
        {
            MessageId = outcome.Id,
            Subject = outcome.Subject,
            ContentType = OutcomeEvent.ContentType,
        };
        foreach (var (name, value) in outcome.FilterProperties())
        {
            message.ApplicationProperties[name] = value;
        }

        try
        {
            await sender.SendMessageAsync(message, cancellationToken);
        }
        catch (ServiceBusException error) when (error.Reason == ServiceBusFailureReason.MessageSizeExceeded)
        {
            throw new OutcomeTooLargeException(error.Message, error);
        }
    }
}
