namespace Ungroup.Sandbox.Broker.Queues;

/// <summary>The numbers are both the wire's (x-opt-message-state) and the journal's.</summary>
internal enum MessageState
{
    Active = 0,
    Deferred = 1,
    Scheduled = 2,
}

internal enum SubQueueName
{
    Main,
    DeadLetters,
}
