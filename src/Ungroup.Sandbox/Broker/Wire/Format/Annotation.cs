using Amqp.Types;

namespace Ungroup.Sandbox.Broker.Wire.Format;

/// <summary>https://learn.microsoft.com/azure/service-bus-messaging/service-bus-amqp-protocol-guide#message-annotations</summary>
internal static class Annotation
{
    public static readonly Symbol ScheduledEnqueueTime = "x-opt-scheduled-enqueue-time";
    public static readonly Symbol EnqueuedTime = "x-opt-enqueued-time";
    public static readonly Symbol LockedUntil = "x-opt-locked-until";
    public static readonly Symbol SequenceNumber = "x-opt-sequence-number";
    public static readonly Symbol EnqueueSequenceNumber = "x-opt-enqueue-sequence-number";
    public static readonly Symbol MessageState = "x-opt-message-state";
    public static readonly Symbol DeadLetterSource = "x-opt-deadletter-source";
    public static readonly Symbol LockToken = "x-opt-lock-token";
}
