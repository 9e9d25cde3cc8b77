using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Amqp;

namespace Ungroup.Sandbox.Broker.Wire.Sockets;

/// <summary>
/// Accepts connections in the library's stead: it binds "localhost" to every interface, lets a second process share the
/// port, has no limit on connections and waits for ever for a silent one. It gets the sockets that passed. Those that speak HTTP
/// come to the same port, because a client of both has one connection string; the first byte tells them apart.
/// </summary>
internal sealed class SocketListener : TransportProvider
{
    private const int PortsToTry = 100;

    private readonly Channel<IAsyncTransport> _ready = Channel.CreateUnbounded<IAsyncTransport>();
    private readonly ConcurrentDictionary<SocketTransport, bool> _open = new();
    private readonly BrokerOptions _options;
    private readonly SaslHandshake _handshake;
    private readonly Socket _socket;
    private readonly CancellationTokenSource _stopping = new();
    private int _connections;

    public SocketListener(BrokerOptions options, SharedAccessKey key)
    {
        AddressSchemes = ["amqp"];
        _options = options;
        _handshake = new(key);
        _socket = Bind(options);
    }

    public int Port => ((IPEndPoint)_socket.LocalEndPoint!).Port;

    /// <param name="http">Serves a connection that speaks HTTP, until it has ended.</param>
    public void Start(Func<Stream, Task> http) => _ = AcceptAsync(http);

    /// <summary>
    /// After the end this waits for ever: the library's accept loop has no other end than the process, and an exception
    /// would make it spin.
    /// </summary>
    public override Task<IAsyncTransport> CreateAsync(Address address) => _ready.Reader.ReadAsync().AsTask();

    public override void Dispose()
    {
        _stopping.Cancel();
        _socket.Dispose();
        base.Dispose();
    }

    /// <summary>
    /// Says goodbye to every peer, waits for theirs, and hangs up on those who keep silent. The library's own farewell stops
    /// at the first connection that has just gone. This is the end of the process, not of a
    /// message, so it goes by the system's clock: one that is turned by hand would not turn any more.
    /// </summary>
    public async Task CloseConnectionsAsync(TimeSpan patience)
    {
        Dispose();
        foreach (var transport in _open.Keys)
        {
            transport.SayGoodbye();
        }

        try
        {
            await Task.WhenAll(_open.Keys.Select(transport => transport.Closed)).WaitAsync(patience, TimeProvider.System);
        }
        catch (TimeoutException)
        {
            foreach (var transport in _open.Keys)
            {
                transport.Close();
            }
        }
    }

    private static Socket Bind(BrokerOptions options)
    {
        for (var port = options.Port; ; port++)
        {
            var socket = new Socket(options.Address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Bind(new IPEndPoint(options.Address, port));
                socket.Listen();
                return socket;
            }
            catch (SocketException taken) when (taken.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
            {
                socket.Dispose();
                if (!options.NextFreePort || port - options.Port >= PortsToTry || port >= IPEndPoint.MaxPort)
                {
                    throw new IOException($"Port {port} of {options.Address} is taken; choose another or let the broker look for one.", taken);
                }
            }
        }
    }

    private async Task AcceptAsync(Func<Stream, Task> http)
    {
        while (true)
        {
            Socket socket;
            try
            {
                socket = await _socket.AcceptAsync();
            }
            catch (Exception) when (_stopping.IsCancellationRequested)
            {
                return;
            }
            catch (SocketException)
            {
                continue; // the peer gave up between its connect and our accept
            }

            _ = ServeAsync(socket, http);
        }
    }

    private async Task ServeAsync(Socket socket, Func<Stream, Task> http)
    {
        var count = Interlocked.Increment(ref _connections);
        try
        {
            socket.NoDelay = true;
            await using var stream = new NetworkStream(socket, ownsSocket: true);
            if (count <= _options.MaxConnections)
            {
                await (await SpeaksHttpAsync(socket) ? http(stream) : ServeAsync(stream));
            }
        }
        catch (Exception gone) when (gone is IOException or SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The peer left, or was too slow, before it was anybody: there is nobody to tell.
        }
        finally
        {
            Interlocked.Decrement(ref _connections);
        }
    }

    private async Task ServeAsync(NetworkStream stream)
    {
        using var timeout = new CancellationTokenSource(_options.HandshakeTimeout, _options.Clock);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, _stopping.Token);
        if (await _handshake.NegotiateAsync(stream, deadline.Token) is not { } peer)
        {
            return;
        }

        var transport = new SocketTransport(stream, peer);
        _open[transport] = true;
        try
        {
            await _ready.Writer.WriteAsync(transport, deadline.Token);
            await peer.Opened.WaitAsync(deadline.Token);
            await transport.Closed;
        }
        finally
        {
            transport.Close();
            _open.TryRemove(transport, out _);
        }
    }

    /// <summary>AMQP begins with its name, and no method of HTTP that anybody uses begins with an A.</summary>
    private async Task<bool> SpeaksHttpAsync(Socket socket)
    {
        using var timeout = new CancellationTokenSource(_options.HandshakeTimeout, _options.Clock);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, _stopping.Token);
        var first = new byte[1];
        return await socket.ReceiveAsync(first, SocketFlags.Peek, deadline.Token) == 1 && first[0] is >= (byte)'B' and <= (byte)'Z';
    }
}
