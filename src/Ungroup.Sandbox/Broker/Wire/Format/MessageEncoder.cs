using Amqp;
using Amqp.Framing;
using Ungroup.Sandbox.Broker.Queues;

namespace Ungroup.Sandbox.Broker.Wire.Format;

/// <summary>
/// From what a queue keeps to a transfer. The stored bytes are appended as they are, because the library's own encoding
/// of a message without a body adds one.
/// </summary>
internal static class MessageEncoder
{
    public const string DeadLetterReason = "DeadLetterReason";
    public const string DeadLetterDescription = "DeadLetterErrorDescription";

    public static ByteBuffer Encode(MessageView message, MessageLock? held, string queue)
    {
        var payload = message.Why is { } why ? Payload.WithApplicationProperties(message.Payload, Explain(why)) : message.Payload;
        var buffer = new ByteBuffer(payload.Length + 256, autoGrow: true);

        var header = new Header { Durable = true, DeliveryCount = (uint)message.FailedDeliveries };
        if (message.TimeToLive is { } age)
        {
            header.Ttl = (uint)Math.Min(age.TotalMilliseconds, uint.MaxValue); // 49 days are the most it can say
        }

        header.Encode(buffer);
        if (held is not null)
        {
            var once = new DeliveryAnnotations();
            once[Annotation.LockToken] = held.Token;
            once.Encode(buffer);
        }

        var (annotations, end) = TakeAnnotations(payload);
        Annotate(annotations, message, held, queue);
        annotations.Encode(buffer);
        AmqpBitConverter.WriteBytes(buffer, payload, end, payload.Length - end);
        return buffer;
    }

    private static (MessageAnnotations Annotations, int End) TakeAnnotations(byte[] payload)
    {
        var first = Section.Split(payload)[0];
        return first.Code == Section.MessageAnnotations ? (first.Decode<MessageAnnotations>(payload), first.End) : (new(), 0);
    }

    private static void Annotate(MessageAnnotations annotations, MessageView message, MessageLock? held, string queue)
    {
        annotations[Annotation.SequenceNumber] = message.Sequence;
        annotations[Annotation.EnqueueSequenceNumber] = message.Sequence;
        annotations[Annotation.EnqueuedTime] = message.EnqueuedAt.UtcDateTime;
        if (held is not null)
        {
            annotations[Annotation.LockedUntil] = held.Until.UtcDateTime;
        }

        if (message.State != MessageState.Active)
        {
            annotations[Annotation.MessageState] = (int)message.State;
        }

        if (message.Place == SubQueueName.DeadLetters)
        {
            annotations[Annotation.DeadLetterSource] = queue;
        }
    }

    private static IEnumerable<KeyValuePair<object, object>> Explain(DeadLetterReason why)
    {
        if (why.Reason is not null)
        {
            yield return new(DeadLetterReason, why.Reason);
        }

        if (why.Description is not null)
        {
            yield return new(DeadLetterDescription, why.Description);
        }
    }
}
