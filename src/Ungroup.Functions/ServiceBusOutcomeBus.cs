using Azure.Messaging.ServiceBus;
using Ungroup.Outcomes;

namespace Ungroup.Functions;

internal sealed class ServiceBusOutcomeBus(ServiceBusSender sender) : IOutcomeBus
{
    public Task PublishAsync(OutcomeEvent outcome, CancellationToken cancellationToken) =>
        sender.SendMessageAsync(
            new(outcome.Json)
            {
                MessageId = outcome.Id,
                Subject = outcome.Subject,
                ContentType = OutcomeEvent.ContentType,
                ApplicationProperties = { ["type"] = outcome.Type },
            },
            cancellationToken);
}
