namespace Ungroup.Sandbox.Broker;

/// <summary>A message as it came to a queue or topic.</summary>
/// <param name="Entity">The queue or topic.</param>
/// <param name="Id">The message's id, where it has one.</param>
/// <param name="ScheduledFor">When it is to arrive, where that is not at once.</param>
/// <param name="Encoded">The whole of it, in AMQP's encoding.</param>
public sealed record SentMessage(string Entity, string? Id, DateTimeOffset? ScheduledFor, ReadOnlyMemory<byte> Encoded);
