using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;
using Ungroup.Functions.Setup;
using Ungroup.Intake;

namespace Ungroup.Functions.Queues;

/// <summary>A queue and a function of its own: an incident never waits behind a clean-up.</summary>
public sealed class RemoveFromSecurityGroupIncident(RemovalHandler handler, SettlementActions settlements)
{
    [Function(nameof(RemoveFromSecurityGroupIncident))]
    public Task RunAsync(
        [ServiceBusTrigger(RequestQueues.Incidents, Connection = ServiceBusSetup.Connection, AutoCompleteMessages = false)] ServiceBusReceivedMessage message,
        ServiceBusMessageActions actions,
        CancellationToken cancellationToken) => settlements.HandleAsync(RequestQueues.Incidents, message, actions, handler.HandleAsync, cancellationToken);
}
