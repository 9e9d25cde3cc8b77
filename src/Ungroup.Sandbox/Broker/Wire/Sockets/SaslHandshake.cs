using System.Buffers.Binary;
using System.Text;
using Amqp;
using Amqp.Sasl;
using Amqp.Types;

namespace Ungroup.Sandbox.Broker.Wire.Sockets;

/// <summary>
/// The SASL layer of an accepted socket, ours because the library's has no time-out and knows one PLAIN user and no
/// MSSBCBS. ANONYMOUS and MSSBCBS let anybody in, as far as $cbs.
/// </summary>
internal sealed class SaslHandshake(SharedAccessKey key)
{
    private const int MaxFrameSize = 512;

    private static readonly byte[] ProtocolHeader = [.. "AMQP"u8, 3, 1, 0, 0];

    /// <summary>The peer, or null for somebody to hang up on.</summary>
    public async Task<Peer?> NegotiateAsync(Stream stream, CancellationToken ct)
    {
        var header = new byte[ProtocolHeader.Length];
        await stream.ReadExactlyAsync(header, ct);
        await stream.WriteAsync((byte[])[.. ProtocolHeader, .. Frame(new SaslMechanisms { SaslServerMechanisms = ["MSSBCBS", "PLAIN", "ANONYMOUS"] })], ct);
        if (!header.AsSpan().SequenceEqual(ProtocolHeader))
        {
            return null; // without SASL; the standard says to answer with what we speak, then to close
        }

        var peer = await ReadFrameAsync(stream, ct) is SaslInit init ? Identify(init) : null;
        await stream.WriteAsync(Frame(new SaslOutcome { Code = peer is null ? SaslCode.Auth : SaslCode.Ok }), ct);
        return peer;
    }

    private Peer? Identify(SaslInit init) => (string?)init.Mechanism switch
    {
        "ANONYMOUS" or "MSSBCBS" => new("anonymous", hasKey: false),
        "PLAIN" when Encoding.UTF8.GetString(init.InitialResponse ?? []).Split('\0') is [_, var user, var password] =>
            key.Matches(user, password) ? new(user, hasKey: true) : null,
        _ => null,
    };

    private static async Task<object?> ReadFrameAsync(Stream stream, CancellationToken ct)
    {
        var prefix = new byte[8];
        await stream.ReadExactlyAsync(prefix, ct);
        var size = BinaryPrimitives.ReadInt32BigEndian(prefix);
        var skip = (prefix[4] * 4) - prefix.Length;
        if (size is < 8 or > MaxFrameSize || prefix[5] != 1 || skip < 0 || size - prefix.Length - skip <= 0)
        {
            return null;
        }

        var body = new byte[size - prefix.Length];
        await stream.ReadExactlyAsync(body, ct);
        try
        {
            return Amqp.Types.Encoder.ReadObject(new ByteBuffer(body, skip, body.Length - skip, body.Length - skip));
        }
        catch (AmqpException)
        {
            return null; // not SASL: answered as a failed authentication
        }
    }

    private static byte[] Frame(Described command)
    {
        var body = new ByteBuffer(64, autoGrow: true);
        command.Encode(body);
        var frame = new byte[8 + body.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, frame.Length);
        frame[4] = 2;
        frame[5] = 1;
        body.Buffer.AsSpan(body.Offset, body.Length).CopyTo(frame.AsSpan(8));
        return frame;
    }
}
