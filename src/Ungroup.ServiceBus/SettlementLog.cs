using Microsoft.Extensions.Logging;
using Ungroup.Messages;

namespace Ungroup.ServiceBus;

/// <summary>Says in one line, the same in every host, how a message ended or until when and why it waits.</summary>
internal static partial class SettlementLog
{
    public static void Settled(this ILogger logger, Delivery delivery, Settlement settlement)
    {
        if (!logger.IsEnabled(LogLevel.Information))
        {
            return;
        }

        if (settlement is Settlement.Postpone postpone)
        {
            LogPostponed(logger, delivery.MessageId, postpone.Until, postpone.Why, delivery.DeliveryCount, delivery.Postponements + 1,
                settlement.Calls.EcsCalls);
        }
        else if (settlement.Outcome?.ReadFacts() is not { } outcome)
        {
            LogDone(logger, delivery.MessageId, settlement.GetType().Name, delivery.DeliveryCount, delivery.Postponements);
        }
        else
        {
            LogSettled(logger, delivery.MessageId, outcome.RequestId ?? outcome.JobId, outcome.Status, outcome.Code, settlement.GetType().Name,
                settlement.Replayed, delivery.DeliveryCount, delivery.Postponements, settlement.Calls.EcsCalls);
        }
    }

    [LoggerMessage(610, LogLevel.Information,
        "{MessageId}: {RequestId} {Status} {Code} → {Settlement} (replayed {Replayed}, delivery {DeliveryCount}, "
        + "postponed {Postponements}, calls {EcsCalls})")]
    private static partial void LogSettled(
        ILogger logger, string messageId, string? requestId, string? status, string? code, string settlement, bool replayed, int deliveryCount,
        int postponements, int ecsCalls);

    // A job, or the message that drives one.
    [LoggerMessage(617, LogLevel.Information, "{MessageId}: → {Settlement} (delivery {DeliveryCount}, postponed {Postponements})")]
    private static partial void LogDone(ILogger logger, string messageId, string settlement, int deliveryCount, int postponements);

    [LoggerMessage(611, LogLevel.Information,
        "{MessageId}: postponed until {Until:O}: {Why} (delivery {DeliveryCount}, postponement {Postponement}, calls {EcsCalls})")]
    private static partial void LogPostponed(
        ILogger logger, string messageId, DateTimeOffset until, string why, int deliveryCount, int postponement, int ecsCalls);
}
