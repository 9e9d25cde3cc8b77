using Amqp;

namespace Ungroup.Sandbox.Broker.Wire.Format;

/// <summary>A received message, not decoded: most of it is stored and sent on as it came.</summary>
internal sealed class IncomingMessage : Message
{
    /// <summary>A copy of exactly its size, because the buffer is the whole frame and is kept until the message is settled.</summary>
    public IncomingMessage(ByteBuffer buffer) => Encoded = buffer.Buffer.AsSpan(buffer.Offset, buffer.Length).ToArray();

    public byte[] Encoded { get; }
}

/// <summary>A message being delivered, which finds its way back with the disposition.</summary>
internal sealed class OutgoingMessage(Guid? lockToken) : Message
{
    public Guid? LockToken => lockToken;
}
