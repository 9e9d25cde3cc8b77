using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Amqp;
using Amqp.Framing;
using Amqp.Types;

namespace Ungroup.Sandbox.Tests.Broker.Wire;

/// <summary>Stands between a client and the broker and tells which flows the broker sends: no client shows them.</summary>
internal sealed class FlowTap : IDisposable
{
    private const int FlowCode = 0x13;
    private const int HeaderSize = 8;

    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Channel<Flow> _flows = Channel.CreateUnbounded<Flow>();

    public FlowTap(int broker)
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        _ = RelayAsync(broker);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    public bool HasMore => _flows.Reader.TryPeek(out _);

    public async Task<Flow> NextAsync(Predicate<Flow> wanted)
    {
        while (true)
        {
            var flow = await _flows.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask()
                .WaitAsync(TestBroker.Soon, TestContext.Current.CancellationToken);
            if (wanted(flow))
            {
                return flow;
            }
        }
    }

    public void Dispose() => _listener.Dispose();

    private async Task RelayAsync(int broker)
    {
        using var client = new NetworkStream(await _listener.AcceptAsync(), ownsSocket: true);
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, broker);
        using var server = new NetworkStream(socket);
        await Task.WhenAny(client.CopyToAsync(server), ReadAsync(server, client));
    }

    private async Task ReadAsync(NetworkStream server, NetworkStream client)
    {
        while (true)
        {
            var head = new byte[HeaderSize];
            await server.ReadExactlyAsync(head);
            var isProtocolHeader = head.AsSpan().StartsWith("AMQP"u8);
            var body = new byte[isProtocolHeader ? 0 : BinaryPrimitives.ReadInt32BigEndian(head) - HeaderSize];
            await server.ReadExactlyAsync(body);
            if (body is [0, 0x53, FlowCode, ..])
            {
                _flows.Writer.TryWrite((Flow)Encoder.ReadObject(new ByteBuffer(body, 0, body.Length, body.Length)));
            }

            await client.WriteAsync((byte[])[.. head, .. body]);
        }
    }
}
