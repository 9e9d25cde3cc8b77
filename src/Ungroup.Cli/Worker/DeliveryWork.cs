using System.Diagnostics;
using Azure.Messaging.ServiceBus;
using Microsoft.Extensions.Logging;
using Ungroup.Messages;
using Ungroup.ServiceBus;

namespace Ungroup.Cli.Worker;

/// <summary>One delivery from receipt to settlement.</summary>
internal sealed partial class DeliveryWork(
    string queue, Func<Delivery, CancellationToken, Task<Settlement>> handle, CopySender copies, DeliveryWatch watch, TimeProvider clock, ILogger logger)
{
    public async Task RunAsync(LockedMessage message, CancellationToken stop)
    {
        var delivery = IncomingMessage.ToDelivery(message.Message, queue);
        var held = new HeldLock(message, delivery.MessageId, clock, logger);
        if (!await held.IsHeldAsync())
        {
            LogTooLate(delivery.MessageId);
            return;
        }

        watch.Began(delivery);
        using var lost = CancellationTokenSource.CreateLinkedTokenSource(stop);
        try
        {
            var work = WorkAsync(message.Message, delivery, lost.Token);
            var isHeld = await held.KeepWhileAsync(work, lost);
            if (await work is { } settlement && isHeld)
            {
                await SettleAsync(message, settlement);
                logger.Settled(delivery, settlement);
                watch.Settled(delivery, settlement);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await GiveBackAsync(message, delivery);
        }
        catch (OperationCanceledException) when (lost.IsCancellationRequested)
        {
            // The lock is lost, which was said, and a question to the ledger was broken off: the next delivery asks again.
        }
        catch (Exception exception) when (BusFailure.Is(exception))
        {
            LogNotSettled(delivery.MessageId, BusFailure.Say(exception));
        }
        catch (Exception exception)
        {
            // A bug. Giving the message back would return it at once and burn its deliveries in a second.
            LogBug(exception, delivery.MessageId);
        }
    }

    /// <summary>Null where there is nothing to settle: a message of which no copy could be sent is left to its lock.</summary>
    private async Task<Settlement?> WorkAsync(ServiceBusReceivedMessage message, Delivery delivery, CancellationToken cancellationToken)
    {
        var settlement = await handle(delivery, cancellationToken);

        if (settlement is Settlement.Postpone postpone
            && !await copies.TryPostponeAsync(queue, message, delivery, postpone, cancellationToken))
        {
            LogCopyNotSent(delivery.MessageId, queue, delivery.DeliveryCount);
            return null;
        }

        return settlement;
    }

    private static Task SettleAsync(LockedMessage message, Settlement settlement) => settlement switch
    {
        Settlement.Complete or Settlement.Postpone => message.CompleteAsync(),
        Settlement.DeadLetter letter => message.DeadLetterAsync(letter.Reason, letter.Description),
        _ => throw new UnreachableException(),
    };

    // Nothing was begun for it.
    private async Task GiveBackAsync(LockedMessage message, Delivery delivery)
    {
        try
        {
            await message.AbandonAsync();
            LogReleased(delivery.MessageId);
        }
        catch (Exception exception) when (BusFailure.Is(exception))
        {
            LogNotSettled(delivery.MessageId, BusFailure.Say(exception));
        }
    }

    [LoggerMessage(612, LogLevel.Warning, "{MessageId}: not settled, the broker delivers it again: {Reason}")]
    private partial void LogNotSettled(string messageId, string reason);

    [LoggerMessage(616, LogLevel.Error,
        "{MessageId} has to wait, and no copy of it could be sent to {Queue}; it comes back when its lock runs out (delivery {DeliveryCount})")]
    private partial void LogCopyNotSent(string messageId, string queue, int deliveryCount);

    [LoggerMessage(613, LogLevel.Information, "{MessageId}: released, nothing was begun for it")]
    private partial void LogReleased(string messageId);

    [LoggerMessage(614, LogLevel.Warning,
        "{MessageId}: its lock had run out before work began, left to the broker. Is this machine's clock right?")]
    private partial void LogTooLate(string messageId);

    [LoggerMessage(615, LogLevel.Error, "{MessageId}: a defect in the worker; the message comes back when its lock runs out")]
    private partial void LogBug(Exception exception, string messageId);
}
