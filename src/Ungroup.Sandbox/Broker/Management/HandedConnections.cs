using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;

namespace Ungroup.Sandbox.Broker.Management;

/// <summary>The connections that the broker's listener hands over; an HTTP server listens to them instead of on a port.</summary>
internal sealed class HandedConnections : IConnectionListenerFactory, IConnectionListener
{
    private readonly Channel<HandedConnection> _connections = Channel.CreateUnbounded<HandedConnection>();

    /// <summary>Nobody listens there; a server wants an address.</summary>
    public EndPoint EndPoint { get; } = new IPEndPoint(IPAddress.Loopback, 0);

    /// <summary>False when the server has been stopped.</summary>
    public bool TryAdd(HandedConnection connection) => _connections.Writer.TryWrite(connection);

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) => new(this);

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default) =>
        await _connections.Reader.WaitToReadAsync(cancellationToken) ? await _connections.Reader.ReadAsync(cancellationToken) : null;

    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        _connections.Writer.TryComplete();
        return default;
    }

    public ValueTask DisposeAsync() => default;
}
