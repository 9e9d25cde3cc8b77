using Azure.Core.Amqp;
using Azure.Messaging.ServiceBus;
using Ungroup.Messages;

namespace Ungroup.ServiceBus;

internal static class OutgoingMessage
{
    // The run that sent a letter back: a letter that returns with it was replayed in vain.
    private const string Replay = "ungroup-replay";

    // A deadline counted from its first life would be over before it is read.
    private static readonly string[] OfItsFirstLife = ["DeadLetterReason", "DeadLetterErrorDescription", PostponedCopy.FirstEnqueued, Replay];

    public static ServiceBusMessage Request(string messageId, ReadOnlyMemory<byte> body) =>
        new(body) { MessageId = messageId, ContentType = "application/json" };

    public static ServiceBusMessage Outcome(OutcomeEvent outcome)
    {
        var message = new ServiceBusMessage(outcome.Json)
        {
            MessageId = outcome.Id,
            Subject = outcome.Subject,
            ContentType = OutcomeEvent.ContentType,
        };

        foreach (var (name, value) in outcome.FilterProperties())
        {
            message.ApplicationProperties[name] = value;
        }

        return message;
    }

    public static ServiceBusMessage Copy(ServiceBusReceivedMessage original, PostponedCopy copy)
    {
        var message = Again(original, copy.MessageId, copy.Properties);
        message.ScheduledEnqueueTime = copy.ScheduledFor;
        return message;
    }

    public static ServiceBusMessage Replayed(ServiceBusReceivedMessage letter, string queue, string run)
    {
        // The id that a letter without one gets here may be the key of its request.
        var message = Again(
            letter, IncomingMessage.IdOf(letter, queue), letter.ApplicationProperties.Where(property => !OfItsFirstLife.Contains(property.Key))!);
        message.ApplicationProperties[Replay] = run;
        return message;
    }

    public static bool IsReplayed(ServiceBusReceivedMessage letter, string run) =>
        letter.ApplicationProperties.TryGetValue(Replay, out var value) && value as string == run;

    // No time to live: a request ends by its deadline, with an outcome. And nothing the broker has written: a copy that keeps the
    // end of a life is dead at once.
    private static ServiceBusMessage Again(
        ServiceBusReceivedMessage message, string messageId, IEnumerable<KeyValuePair<string, object?>> properties)
    {
        var again = new ServiceBusMessage(new AmqpAnnotatedMessage(message.GetRawAmqpMessage().Body))
        {
            MessageId = messageId,
            ContentType = message.ContentType,
            Subject = message.Subject,
            To = message.To,
            ReplyTo = message.ReplyTo,
            CorrelationId = message.CorrelationId,
        };
        foreach (var (name, value) in properties)
        {
            again.ApplicationProperties[name] = value;
        }

        return again;
    }
}
