using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;

namespace Ungroup.Functions;

/// <summary>A queue and a function of its own: an incident never waits behind a clean-up.</summary>
public sealed class RemoveFromSecurityGroupIncident(SettlementActions settlements)
{
    private const string Queue = "removals-incident";

    [Function(nameof(RemoveFromSecurityGroupIncident))]
    public Task RunAsync(
        [ServiceBusTrigger(Queue, Connection = ServiceBusSetup.Connection, AutoCompleteMessages = false)] ServiceBusReceivedMessage message,
        ServiceBusMessageActions actions,
        CancellationToken cancellationToken) => settlements.HandleAsync(Queue, message, actions, cancellationToken);
}
