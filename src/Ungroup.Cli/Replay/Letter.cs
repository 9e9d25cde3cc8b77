using Azure.Messaging.ServiceBus;
using Ungroup.Requests;

namespace Ungroup.Cli.Replay;

/// <summary>A dead letter, and what the worker would make of it.</summary>
internal abstract record Letter(ServiceBusReceivedMessage Message, string MessageId)
{
    /// <summary>It can become a removal.</summary>
    public sealed record Fresh(ServiceBusReceivedMessage Message, string MessageId, RemovalRequest Request) : Letter(Message, MessageId);

    /// <summary>It has become one: the worker would only tell its outcome again.</summary>
    public sealed record Done(ServiceBusReceivedMessage Message, string MessageId, RemovalRequest Request) : Letter(Message, MessageId);

    /// <summary>It would come back, or end as badly as it has before.</summary>
    public sealed record Hopeless(ServiceBusReceivedMessage Message, string MessageId, string Why) : Letter(Message, MessageId);
}
