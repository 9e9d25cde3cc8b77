using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Ungroup.Sandbox.Broker.Management;

/// <summary>The HTTP half of the broker's port. It starts with the first connection that speaks HTTP, for most brokers see none.</summary>
internal sealed class ManagementServer : IAsyncDisposable
{
    private static readonly TimeSpan GoodbyeTime = TimeSpan.FromSeconds(1);

    private readonly HandedConnections _connections = new();
    private readonly Lazy<Task<KestrelServer>> _server;

    public ManagementServer(ManagementDesk desk) => _server = new(() => StartAsync(desk));

    /// <summary>Until the connection has ended.</summary>
    public async Task ServeAsync(Stream stream)
    {
        await _server.Value;
        var connection = new HandedConnection(stream);
        if (_connections.TryAdd(connection))
        {
            await connection.Ended;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_server.IsValueCreated)
        {
            using var patience = new CancellationTokenSource(GoodbyeTime, TimeProvider.System);
            var server = await _server.Value;
            await server.StopAsync(patience.Token);
            server.Dispose();
        }
    }

    private async Task<KestrelServer> StartAsync(ManagementDesk desk)
    {
        var settings = new KestrelServerOptions { AddServerHeader = false };
        settings.Listen(_connections.EndPoint, listen => listen.Protocols = HttpProtocols.Http1);
        var server = new KestrelServer(Options.Create(settings), _connections, NullLoggerFactory.Instance);
        await server.StartAsync(desk, CancellationToken.None);
        return server;
    }
}
