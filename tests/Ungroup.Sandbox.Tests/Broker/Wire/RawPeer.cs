using System.Buffers.Binary;
using System.Net.Sockets;
using Amqp;
using Amqp.Framing;
using Amqp.Sasl;
using Amqp.Types;

namespace Ungroup.Sandbox.Tests.Broker.Wire;

/// <summary>A client that says what it is told to, frame by frame: the library's own has one window and no choice.</summary>
internal sealed class RawPeer : IDisposable
{
    private const int HeaderSize = 8;
    private const byte AmqpFrame = 0;
    private const byte SaslFrame = 1;

    private readonly NetworkStream _stream;

    private RawPeer(NetworkStream stream) => _stream = stream;

    /// <summary>With a session of that window, and a receiving link on a queue.</summary>
    public static async Task<RawPeer> ReceiveAsync(int port, string queue, uint incomingWindow)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync("127.0.0.1", port);
        var peer = new RawPeer(new(socket, ownsSocket: true));
        await peer._stream.WriteAsync((byte[])[.. "AMQP"u8, 3, 1, 0, 0]);
        await peer.SendAsync(SaslFrame, new SaslInit
        {
            Mechanism = "PLAIN",
            InitialResponse = System.Text.Encoding.UTF8.GetBytes($"\0{TestBroker.KeyName}\0{TestBroker.Key}"),
        });
        await peer.NextAsync<SaslOutcome>();
        await peer._stream.WriteAsync((byte[])[.. "AMQP"u8, 0, 1, 0, 0]);
        await peer.SendAsync(AmqpFrame, new Open { ContainerId = "raw" });
        await peer.SendAsync(AmqpFrame, new Begin { NextOutgoingId = 0, IncomingWindow = incomingWindow, OutgoingWindow = 100 });
        await peer.AttachAsync(handle: 0, queue);
        return peer;
    }

    /// <summary>Frames that were read and not asked for.</summary>
    public List<object> PassedOver { get; } = [];

    public async Task AttachAsync(uint handle, string queue)
    {
        await SendAsync(AmqpFrame, new Attach
        {
            LinkName = $"raw-{handle}",
            Handle = handle,
            Role = true,
            Source = new Source { Address = queue },
            Target = new Target(),
        });
        await NextAsync<Attach>();
    }

    public Task FlowAsync(uint nextIncomingId, uint incomingWindow, uint? deliveryCount = null, uint credit = 0)
    {
        var flow = new Flow { NextIncomingId = nextIncomingId, IncomingWindow = incomingWindow, NextOutgoingId = 0, OutgoingWindow = 100 };
        if (deliveryCount is { } count)
        {
            flow.Handle = 0;
            flow.DeliveryCount = count;
            flow.LinkCredit = credit;
        }

        return SendAsync(AmqpFrame, flow);
    }

    /// <summary>The next frame of that kind, whatever else comes before it.</summary>
    public async Task<T> NextAsync<T>()
    {
        using var patience = new CancellationTokenSource(TestBroker.Soon, TimeProvider.System);
        while (true)
        {
            var head = new byte[HeaderSize];
            await _stream.ReadExactlyAsync(head, patience.Token);
            if (head.AsSpan().StartsWith("AMQP"u8))
            {
                continue;
            }

            var body = new byte[BinaryPrimitives.ReadInt32BigEndian(head) - HeaderSize];
            await _stream.ReadExactlyAsync(body, patience.Token);
            var frame = body.Length == 0 ? null : Encoder.ReadObject(new ByteBuffer(body, 0, body.Length, body.Length));
            if (frame is T wanted)
            {
                return wanted;
            }

            if (frame is not null)
            {
                PassedOver.Add(frame);
            }
        }
    }

    public void Dispose() => _stream.Dispose();

    private async Task SendAsync(byte kind, Described performative)
    {
        var body = new ByteBuffer(256, autoGrow: true);
        performative.Encode(body);
        var frame = new byte[HeaderSize + body.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, frame.Length);
        frame[4] = 2;
        frame[5] = kind;
        body.Buffer.AsSpan(body.Offset, body.Length).CopyTo(frame.AsSpan(HeaderSize));
        await _stream.WriteAsync(frame);
    }
}
