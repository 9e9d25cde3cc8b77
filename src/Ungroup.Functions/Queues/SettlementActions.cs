using System.Diagnostics;
using Azure.Messaging.ServiceBus;
using Grpc.Core;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using Ungroup.Functions.Invocations;
using Ungroup.Messages;
using Ungroup.ServiceBus;

namespace Ungroup.Functions.Queues;

/// <summary>Turns a message into a delivery, and a settlement into calls.</summary>
public sealed partial class SettlementActions(
    CopySender copies, HostConcurrency concurrency, Drain drain, TimeProvider clock, ILogger<SettlementActions> logger)
{
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <param name="queue">The queue that the message came by.</param>
    /// <param name="message">The message.</param>
    /// <param name="actions">Settles it.</param>
    /// <param name="handle">Decides what becomes of it.</param>
    /// <param name="cancellationToken">The host cancels the invocation.</param>
    public async Task HandleAsync(
        string queue, ServiceBusReceivedMessage message, ServiceBusMessageActions actions,
        Func<Delivery, CancellationToken, Task<Settlement>> handle, CancellationToken cancellationToken)
    {
        var delivery = IncomingMessage.ToDelivery(message, queue) with { Queue = new(queue, concurrency.PerQueue) };
        if (await WorkAsync(delivery, message, actions, handle, cancellationToken) is not { } settlement)
        {
            return;
        }

        if (settlement is Settlement.Postpone postpone
            && !await copies.TryPostponeAsync(queue, message, delivery, postpone, drain.Ending))
        {
            LogCopyNotSent(delivery.MessageId, queue, delivery.DeliveryCount);
            return;
        }

        if (await SettleAsync(delivery, patience => settlement switch
        {
            Settlement.Complete or Settlement.Postpone => actions.CompleteMessageAsync(message, patience),
            Settlement.DeadLetter letter => actions.DeadLetterMessageAsync(
                message,
                propertiesToModify: null,
                deadLetterReason: letter.Reason,
                deadLetterErrorDescription: letter.Description,
                cancellationToken: patience),
            _ => throw new UnreachableException(),
        }))
        {
            logger.Settled(delivery, settlement);
        }
    }

    // Null: there is nothing to settle. A message that is left alone comes back when its lock runs out; an exception would bring it
    // back at once, and burn its deliveries in a second.
    private async Task<Settlement?> WorkAsync(
        Delivery delivery, ServiceBusReceivedMessage message, ServiceBusMessageActions actions,
        Func<Delivery, CancellationToken, Task<Settlement>> handle, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, drain.Ending);
        try
        {
            return await handle(delivery, stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await SettleAsync(delivery, patience => actions.AbandonMessageAsync(message, propertiesToModify: null, patience));
        }
        catch (Exception defect)
        {
            LogDefect(defect, delivery.MessageId, delivery.DeliveryCount);
        }

        return null;
    }

    // The removal is done, so settling does not stop with the invocation. False where the lock was lost before.
    private async Task<bool> SettleAsync(Delivery delivery, Func<CancellationToken, Task> settle)
    {
        using var patience = new CancellationTokenSource(Patience, clock);
        try
        {
            await settle(patience.Token);
            return true;
        }
        catch (RpcException error) when (LostLock.IsBehind(error))
        {
            LogLockLost(error, delivery.MessageId);
            return false;
        }
    }

    [LoggerMessage(652, LogLevel.Information, "The lock of {MessageId} was lost before it was settled; it comes back and is answered from the ledger.")]
    private partial void LogLockLost(Exception error, string messageId);

    [LoggerMessage(653, LogLevel.Error,
        "{MessageId} has to wait, and no copy of it could be sent to {Queue}; it comes back when its lock runs out (delivery {DeliveryCount}).")]
    private partial void LogCopyNotSent(string messageId, string queue, int deliveryCount);

    [LoggerMessage(654, LogLevel.Error, "A defect: {MessageId} comes back when its lock runs out (delivery {DeliveryCount}).")]
    private partial void LogDefect(Exception error, string messageId, int deliveryCount);
}
