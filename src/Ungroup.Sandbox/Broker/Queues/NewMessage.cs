namespace Ungroup.Sandbox.Broker.Queues;

/// <summary>A message as sent. The payload is opaque here: the front encodes it and is the only one to read it.</summary>
internal sealed record NewMessage(byte[] Payload, TimeSpan? TimeToLive = null, DateTimeOffset? ScheduledFor = null, string Id = "");

/// <summary>What a settlement changes inside the payload, told by the front, which knows its encoding.</summary>
internal delegate byte[] PayloadEdit(byte[] payload);
