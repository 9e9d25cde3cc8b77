using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Ungroup.Sandbox.Ecs.Identity;

namespace Ungroup.Sandbox.Ecs;

/// <summary>ECS as far as it knows security groups, served on loopback: it speaks the real protocol and fails on request.</summary>
public sealed class EcsSimulator : IAsyncDisposable
{
    private const int PortsToTry = 100;

    private readonly KestrelServer _server;
    private readonly CancellationTokenSource _stopping;
    private readonly Desks _desks;

    private EcsSimulator(KestrelServer server, int port, Desks desks, World world, CancellationTokenSource stopping)
    {
        (_server, _stopping, _desks, World) = (server, stopping, desks, world);
        Address = new Uri($"http://127.0.0.1:{port}");
    }

    public Uri Address { get; }

    /// <summary>The calls that arrived, in the order they were answered, with decoded parameters.</summary>
    public RequestLog Requests => _desks.Requests;

    /// <summary>`IDENTITY_ENDPOINT` of an app that has the world's identities.</summary>
    public Uri IdentityEndpoint => new(Address, IdentityDesk.Path);

    /// <summary>`IDENTITY_HEADER` of that app.</summary>
    public string IdentityHeader => _desks.Identity.Header;

    public World World { get; }

    public static async Task<EcsSimulator> StartAsync(World world, SimulatorOptions? options = null, CancellationToken ct = default)
    {
        options ??= new SimulatorOptions();
        world.Start(options.Clock);
        var stop = new CancellationTokenSource();
        var desks = new Desks(world, options, stop.Token);
        for (var port = options.Port; ; port++)
        {
            var (kestrel, endpoint) = Listen(port);
            try
            {
                await kestrel.StartAsync(desks.Front, ct);
                return new EcsSimulator(kestrel, endpoint().Port, desks, world, stop);
            }
            catch (IOException taken) when (taken.InnerException is AddressInUseException && port < options.Port + PortsToTry)
            {
                kestrel.Dispose();
            }
        }
    }

    /// <summary>A token as the identity endpoint hands it out, for who keeps tokens in files.</summary>
    public string SignToken(string audience, string subject, DateTimeOffset issuedAt, TimeSpan lifetime) =>
        _desks.Signer.Sign(audience, subject, issuedAt, lifetime);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1), TimeProvider.System);
        await _server.StopAsync(patience.Token);
        _server.Dispose();
        _desks.Dispose();
        World.Keeper?.Dispose();
        _stopping.Dispose();
    }

    private static (KestrelServer Server, Func<IPEndPoint> Endpoint) Listen(int port)
    {
        ListenOptions? listening = null;
        var settings = new KestrelServerOptions { AddServerHeader = false };
        settings.Limits.MaxRequestBodySize = 1024 * 1024;
        settings.Limits.MaxRequestLineSize = 64 * 1024;
        settings.Listen(IPAddress.Loopback, port, listen =>
        {
            listen.Protocols = HttpProtocols.Http1;
            listening = listen;
        });
        var transport = new SocketTransportFactory(Options.Create(new SocketTransportOptions()), NullLoggerFactory.Instance);
        var kestrel = new KestrelServer(Options.Create(settings), transport, NullLoggerFactory.Instance);
        return (kestrel, () => listening!.IPEndPoint!);
    }
}
