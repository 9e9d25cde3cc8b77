using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Ungroup.FunctionsHost.Triggers.Queues;

namespace Ungroup.FunctionsHost.Worker;

internal sealed class RpcServer : IAsyncDisposable
{
    private readonly WebApplication _server;

    private RpcServer(WebApplication server) => _server = server;

    public Uri Address => new(_server.Urls.Single());

    public static async Task<RpcServer> StartAsync(RpcSurroundings surroundings, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0").ConfigureKestrel(kestrel =>
        {
            kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = HttpProtocols.Http2);
            kestrel.Limits.MaxRequestBodySize = null;
        });
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton(surroundings.Expected).AddSingleton(surroundings.Messages).AddSingleton(surroundings.Watch);
        builder.Services.AddGrpc(grpc => (grpc.MaxReceiveMessageSize, grpc.MaxSendMessageSize) = (null, null));
        var server = builder.Build();
        server.MapGrpcService<EventStreamService>();
        server.MapGrpcService<SettlementService>();
        await server.StartAsync(cancellationToken);
        return new(server);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}

internal sealed record RpcSurroundings(ExpectedWorkers Expected, HeldMessages Messages, HostWatch Watch);
