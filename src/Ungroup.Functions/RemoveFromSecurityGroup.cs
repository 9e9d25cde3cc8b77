using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;

namespace Ungroup.Functions;

public sealed class RemoveFromSecurityGroup(SettlementActions settlements)
{
    private const string Queue = "removals";

    [Function(nameof(RemoveFromSecurityGroup))]
    public Task RunAsync(
        [ServiceBusTrigger(Queue, Connection = ServiceBusSetup.Connection, AutoCompleteMessages = false)] ServiceBusReceivedMessage message,
        ServiceBusMessageActions actions,
        CancellationToken cancellationToken) => settlements.HandleAsync(Queue, message, actions, cancellationToken);
}
