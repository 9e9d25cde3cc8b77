using System.Diagnostics;
using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;

namespace Ungroup.Functions;

/// <summary>Turns a message into a delivery, and a settlement into calls. Decides nothing.</summary>
public sealed class SettlementActions(RemovalHandler handler, QueueSenders senders)
{
    public async Task HandleAsync(
        string queue, ServiceBusReceivedMessage message, ServiceBusMessageActions actions, CancellationToken cancellationToken)
    {
        var delivery = DeliveryOf(message);
        var settlement = await handler.HandleAsync(delivery, cancellationToken);

        // What was done is done: settling does not stop with the invocation.
        await (settlement switch
        {
            Settlement.Complete => actions.CompleteMessageAsync(message, CancellationToken.None),
            Settlement.DeadLetter letter => actions.DeadLetterMessageAsync(
                message,
                propertiesToModify: null,
                deadLetterReason: letter.Reason,
                deadLetterErrorDescription: letter.Description,
                cancellationToken: CancellationToken.None),
            Settlement.Postpone postpone => PostponeAsync(queue, delivery, postpone, message, actions),
            _ => throw new UnreachableException(),
        });
    }

    private async Task PostponeAsync(
        string queue, Delivery delivery, Settlement.Postpone postpone, ServiceBusReceivedMessage message, ServiceBusMessageActions actions)
    {
        var copy = PostponedCopy.Of(PostponedCopy.Restore(delivery), postpone);
        var scheduled = new ServiceBusMessage(message)
        {
            MessageId = copy.MessageId,
            ScheduledEnqueueTime = copy.ScheduledFor,
        };
        foreach (var (name, value) in copy.Properties)
        {
            scheduled.ApplicationProperties[name] = value;
        }

        // In this order: a crash in between leaves two copies, and the ledger absorbs one.
        await senders.For(queue).SendMessageAsync(scheduled, CancellationToken.None);
        await actions.CompleteMessageAsync(message, CancellationToken.None);
    }

    private static Delivery DeliveryOf(ServiceBusReceivedMessage message) => new()
    {
        MessageId = message.MessageId,
        Body = message.Body.ToMemory(),
        ContentType = message.ContentType,
        DeliveryCount = message.DeliveryCount,
        EnqueuedAt = message.EnqueuedTime,
        Properties = message.ApplicationProperties.ToDictionary(property => property.Key, object? (property) => property.Value),
    };
}
