namespace Ungroup.Sandbox.Broker;

/// <summary>How many messages a queue holds after its last commit. A deferred message counts as active, as Service Bus counts it.</summary>
public sealed record QueueCounts(string Name, long Active, long Locked, long Scheduled, long DeadLettered);
