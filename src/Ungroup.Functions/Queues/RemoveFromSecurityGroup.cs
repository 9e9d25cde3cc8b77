using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;
using Ungroup.Functions.Setup;
using Ungroup.Intake;

namespace Ungroup.Functions.Queues;

public sealed class RemoveFromSecurityGroup(RemovalHandler handler, SettlementActions settlements)
{
    [Function(nameof(RemoveFromSecurityGroup))]
    public Task RunAsync(
        [ServiceBusTrigger(RequestQueues.Removals, Connection = ServiceBusSetup.Connection, AutoCompleteMessages = false)] ServiceBusReceivedMessage message,
        ServiceBusMessageActions actions,
        CancellationToken cancellationToken) => settlements.HandleAsync(RequestQueues.Removals, message, actions, handler.HandleAsync, cancellationToken);
}
