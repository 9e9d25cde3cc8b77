using Azure.Messaging.ServiceBus;
using Ungroup.Requests;

namespace Ungroup.Cli.Replay;

/// <summary>A dead letter, and what the worker would make of it.</summary>
internal abstract record Letter(ServiceBusReceivedMessage Message, string MessageId)
{
    public sealed record Fresh(ServiceBusReceivedMessage Message, string MessageId, RemovalRequest Request) : Letter(Message, MessageId);

    /// <summary>It has its outcome: the worker would only publish that again.</summary>
    public sealed record Done(ServiceBusReceivedMessage Message, string MessageId, RemovalRequest Request) : Letter(Message, MessageId);

    /// <summary>It would come back, or end as badly as before.</summary>
    public sealed record Hopeless(ServiceBusReceivedMessage Message, string MessageId, string Why) : Letter(Message, MessageId);
}
