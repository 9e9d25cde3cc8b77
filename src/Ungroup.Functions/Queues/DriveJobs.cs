using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;
using Ungroup.Functions.Setup;
using Ungroup.Intake;
using Ungroup.Jobs.Driving;

namespace Ungroup.Functions.Queues;

/// <summary>A queue and a function of its own: a job that is planned for minutes takes no place of a removal.</summary>
public sealed class DriveJobs(JobHandler handler, SettlementActions settlements)
{
    [Function(nameof(DriveJobs))]
    public Task RunAsync(
        [ServiceBusTrigger(RequestQueues.Jobs, Connection = ServiceBusSetup.Connection, AutoCompleteMessages = false)] ServiceBusReceivedMessage message,
        ServiceBusMessageActions actions,
        CancellationToken cancellationToken) => settlements.HandleAsync(RequestQueues.Jobs, message, actions, handler.HandleAsync, cancellationToken);
}
