using Azure.Messaging.ServiceBus;
using Ungroup.Outcomes;

namespace Ungroup.Functions;

internal sealed class ServiceBusOutcomeBus(ServiceBusSender sender) : IOutcomeBus
{
    public Task PublishAsync(OutcomeEvent outcome, CancellationToken cancellationToken)
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

        return sender.SendMessageAsync(message, cancellationToken);
    }
}
