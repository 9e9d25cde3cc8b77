using Amqp;
using Amqp.Framing;
using Amqp.Types;
using Ungroup.Sandbox.Broker.Queues;

namespace Ungroup.Sandbox.Broker.Wire;

/// <summary>The error conditions clients tell apart, and the sentences they show.</summary>
internal static class Conditions
{
    public static readonly Symbol DeadLetter = "com.microsoft:dead-letter";

    private static readonly Symbol LockLost = "com.microsoft:message-lock-lost";
    private static readonly Symbol MessageNotFound = "com.microsoft:message-not-found";

    public static Error LockIsLost => new(LockLost)
    {
        Description = "The lock supplied is invalid. Either the lock expired, or the message has already been removed from the queue.",
    };

    public static Error NoSuchMessage => new(MessageNotFound)
    {
        Description = "There is no message with that sequence number in the state the operation needs.",
    };

    public static Error NoSuchEntity(string address) => new(ErrorCode.NotFound)
    {
        Description = $"The messaging entity '{address}' could not be found.",
    };

    public static Error Unauthorized(string address) => new(ErrorCode.UnauthorizedAccess)
    {
        Description = $"Unauthorized access to '{address}': put a valid token for it to $cbs first, or connect with SASL PLAIN.",
    };

    public static Error NothingToReceive(Topic topic) => new(ErrorCode.NotAllowed)
    {
        Description = $"'{topic.Options.Name}' is a topic. Receive from one of its subscriptions: "
            + $"{string.Join(", ", topic.Subscriptions.Select(subscription => subscription.Queue.Name))}.",
    };

    public static Error NothingToSendTo(string name, SubQueueName place) => new(ErrorCode.NotAllowed)
    {
        Description = place == SubQueueName.DeadLetters
            ? $"Nobody can send to '{name}/$DeadLetterQueue': messages get there by being dead-lettered."
            : $"Nobody can send to '{name}': a subscription gets what is sent to its topic.",
    };

    public static Error Impossible(Exception why) => new(ErrorCode.InvalidField) { Description = $"Nothing was changed: {why.Message}" };

    public static Error NotImplemented(string what) => new(ErrorCode.NotImplemented) { Description = what };

    public static Error TooLarge(int size, int limit) => new(ErrorCode.MessageSizeExceeded)
    {
        Description = $"The message has {size} bytes; this broker takes {limit}.",
    };

    public static Error Malformed(string why) => new(ErrorCode.DecodeError) { Description = why };
}
