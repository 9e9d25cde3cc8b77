using Amqp;
using Microsoft.Extensions.Logging;
using Ungroup.Cli.Amqp;

namespace Ungroup.Cli.Worker;

/// <summary>One delivery from receipt to settlement. Decides nothing: the core does.</summary>
internal sealed partial class DeliveryWork(
    Func<Delivery, CancellationToken, Task<Settlement>> handle, DeliveryWatch watch, TimeProvider clock, ILogger logger)
{
    public async Task RunAsync(QueueLink link, Message message, CancellationToken stop)
    {
        var delivery = IncomingMessage.ToDelivery(message, clock.GetUtcNow());
        var held = new HeldLock(
            IncomingMessage.LockToken(message), IncomingMessage.LockedUntil(message), link.Locks, clock, logger);
        if (!await held.IsHeldAsync(delivery.MessageId))
        {
            LogTooLate(delivery.MessageId);
            return;
        }

        watch.Began(delivery);
        using var lost = CancellationTokenSource.CreateLinkedTokenSource(stop);
        try
        {
            var work = handle(delivery, lost.Token);
            var isHeld = await held.KeepWhileAsync(work, delivery.MessageId, lost);
            var settlement = await work;
            if (isHeld)
            {
                await link.SettleAsync(message, delivery, settlement);
                Log(delivery, settlement);
                watch.Settled(delivery, settlement);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            link.Release(message);
            LogReleased(delivery.MessageId);
        }
        catch (OperationCanceledException) when (lost.IsCancellationRequested)
        {
            // The lock is lost, which was said, and the ledger was left in the middle of a question: the next delivery asks again.
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

    private void Log(Delivery delivery, Settlement settlement)
    {
        if (!logger.IsEnabled(LogLevel.Information))
        {
            return;
        }

        if (settlement is Settlement.Postpone postpone)
        {
            LogPostponed(delivery.MessageId, postpone.Until, postpone.Why, delivery.DeliveryCount, delivery.Postponements + 1,
                settlement.Calls.EcsCalls);
        }
        else
        {
            var outcome = settlement.Outcome?.ReadFacts();
            LogSettled(delivery.MessageId, outcome?.RequestId, outcome?.Status, outcome?.Code, settlement.GetType().Name,
                settlement.Replayed, delivery.DeliveryCount, delivery.Postponements, settlement.Calls.EcsCalls);
        }
    }

    [LoggerMessage(610, LogLevel.Information,
        "{MessageId}: {RequestId} {Status} {Code} → {Settlement} (replayed {Replayed}, delivery {DeliveryCount}, "
        + "postponed {Postponements}, calls {EcsCalls})")]
    private partial void LogSettled(
        string messageId, string? requestId, string? status, string? code, string settlement, bool replayed, int deliveryCount,
        int postponements, int ecsCalls);

    [LoggerMessage(611, LogLevel.Information,
        "{MessageId}: postponed until {Until:O}: {Why} (delivery {DeliveryCount}, postponement {Postponement}, calls {EcsCalls})")]
    private partial void LogPostponed(
        string messageId, DateTimeOffset until, string why, int deliveryCount, int postponement, int ecsCalls);

    [LoggerMessage(612, LogLevel.Warning, "{MessageId}: not settled, the broker delivers it again: {Reason}")]
    private partial void LogNotSettled(string messageId, string reason);

    [LoggerMessage(613, LogLevel.Information, "{MessageId}: released, nothing was begun for it")]
    private partial void LogReleased(string messageId);

    [LoggerMessage(614, LogLevel.Warning,
        "{MessageId}: its lock had run out before work began, left to the broker. Is this machine's clock right?")]
    private partial void LogTooLate(string messageId);

    [LoggerMessage(615, LogLevel.Error, "{MessageId}: a defect in the worker; the message comes back when its lock runs out")]
    private partial void LogBug(Exception exception, string messageId);
}
