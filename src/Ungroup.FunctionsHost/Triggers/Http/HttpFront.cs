using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Ungroup.FunctionsHost.Triggers.Http;

/// <summary>The routes of HTTP functions, behind the key, on 127.0.0.1.</summary>
internal sealed class HttpFront : IAsyncDisposable
{
    private const int PortsTried = 100;

    // As much as the Functions host takes.
    private const long LargestBody = 210_763_776;

    private readonly WebApplication _server;

    private HttpFront(WebApplication server) => _server = server;

    public Uri Address => new(_server.Urls.Single());

    public static async Task<HttpFront> StartAsync(int port, Action<WebApplication> map, CancellationToken cancellationToken)
    {
        for (var candidate = port; ; candidate++)
        {
            var server = Build(candidate);
            map(server);
            try
            {
                await server.StartAsync(cancellationToken);
                return new(server);
            }
            catch (IOException taken)
            {
                await server.DisposeAsync();
                if (candidate == port + PortsTried || candidate == IPEndPoint.MaxPort)
                {
                    throw new FunctionsHostException($"HTTP port {port}: {taken.Message}");
                }
            }
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => _server.StopAsync(cancellationToken);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private static WebApplication Build(int port)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls($"http://127.0.0.1:{port}").ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = LargestBody;
        });
        builder.Services.AddRouting();
        var server = builder.Build();
        server.Use(HideMethodsAsync);
        server.UseRouting();
        return server;
    }

    // A method that no function takes is "not found" to the Functions host.
    private static async Task HideMethodsAsync(HttpContext http, RequestDelegate next)
    {
        await next(http);
        if (http.Response is { StatusCode: StatusCodes.Status405MethodNotAllowed, HasStarted: false }
            && http.GetEndpoint()?.Metadata.GetMetadata<Trigger.Http>() is null)
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
        }
    }
}
